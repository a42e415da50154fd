namespace SagaFlow.Activities;

/// <summary>What closed an attempt. Stored by name.</summary>
internal enum AttemptEnd
{
    Completed,
    Failed,
    TimedOut,
    Canceled,
    Released,

    /// <summary>The workflow ended and took the attempt with it.</summary>
    WorkflowClosed,
}
