namespace SagaFlow.Simulation.Databases;

/// <summary>The clock of an engine's process: its hands are set by the world, and may be wrong; what it measures and waits for is real.</summary>
/// <remarks>Nothing that a world judges waits: only a store pauses before it asks a database again that did not answer.</remarks>
internal sealed class VirtualClock(TimeSpan ahead) : TimeProvider
{
    private DateTimeOffset _now;

    /// <summary>Moves the hands.</summary>
    public void Set(DateTimeOffset now) => _now = now + ahead;

    public override DateTimeOffset GetUtcNow() => _now;
}
