namespace SagaFlow.Storage;

/// <summary>What became of one change set.</summary>
internal enum CommitResult
{
    /// <summary>All of it is durable.</summary>
    Committed,

    /// <summary>A row had another version than expected: nothing was written; run the message again on fresh state.</summary>
    Conflict,

    /// <summary>The inbox holds this message already: nothing was written.</summary>
    Duplicate,
}
