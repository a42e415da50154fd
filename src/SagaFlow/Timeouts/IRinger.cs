namespace SagaFlow.Timeouts;

/// <summary>Carries rings to the engine that takes them: by the bus, or stepped by a test.</summary>
internal interface IRinger
{
    Task RingAsync(Ring ring, CancellationToken cancellationToken);

    Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken);
}
