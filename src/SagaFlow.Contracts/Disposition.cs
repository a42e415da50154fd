namespace SagaFlow.Contracts;

/// <summary>What became of a message that asked a workflow to change. A race ends in one of these names, never in an exception.</summary>
public enum Disposition
{
    /// <summary>It changed the workflow. HTTP 200.</summary>
    Applied,

    /// <summary>The identical message was applied before; nothing changed now. HTTP 200.</summary>
    Duplicate,

    /// <summary>It is legal but has no effect, such as a heartbeat where no heartbeat timeout is set. HTTP 200.</summary>
    Ignored,

    /// <summary>It is stored for a wait that is not there yet. HTTP 202.</summary>
    Kept,

    /// <summary>It cannot be read, or a field is missing or of the wrong form. HTTP 400.</summary>
    Malformed,

    /// <summary>The token was not signed by this deployment. HTTP 401.</summary>
    InvalidToken,

    /// <summary>The token is genuine but does not allow this. HTTP 403.</summary>
    Forbidden,

    /// <summary>There is no such workflow, or it was deleted. HTTP 404.</summary>
    UnknownWorkflow,

    /// <summary>It is larger than the limit. HTTP 413.</summary>
    TooLarge,

    /// <summary>Another outcome, or a start with other input, came first. HTTP 409.</summary>
    DuplicateConflict,

    /// <summary>The token's attempt is over and a newer one exists. HTTP 409.</summary>
    StaleAttempt,

    /// <summary>The attempt's deadline passed before. HTTP 410.</summary>
    TimedOut,

    /// <summary>The activity or its workflow was canceled before. HTTP 410.</summary>
    Canceled,

    /// <summary>The activity is closed. HTTP 410.</summary>
    ActivityClosed,

    /// <summary>The workflow is closed. HTTP 410.</summary>
    WorkflowClosed,

    /// <summary>The workflow keeps as many messages for later as it may, and no state of it handles this one yet. Nothing changed:
    /// the same message may be sent again. HTTP 429.</summary>
    TooMany,
}
