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

    /// <summary>All of it is durable, and one of its <see cref="ChangeSet.Closings"/> met the condition of its group. One commit of
    /// each group gets this answer, whatever closes beside it.</summary>
    CommittedAndMet,
}
