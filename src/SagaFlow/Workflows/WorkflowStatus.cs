namespace SagaFlow;

/// <summary>Whether a workflow runs, and how it ended. Stored by name.</summary>
public enum WorkflowStatus
{
    /// <summary>It is not closed: it works or waits.</summary>
    Running,

    /// <summary>It ended with a result.</summary>
    Completed,

    /// <summary>It ended with a failure.</summary>
    Failed,

    /// <summary>It was canceled.</summary>
    Canceled,

    /// <summary>Its own deadline passed.</summary>
    TimedOut,
}
