namespace SagaFlow.Storage;

/// <summary>How far the join of a group is. Stored by name.</summary>
internal enum GroupStatus
{
    /// <summary>Members are awaited.</summary>
    Open,

    /// <summary>The condition is met; the join message is on its way, and is made again after a crash.</summary>
    Met,

    /// <summary>The workflow has been told.</summary>
    Joined,

    /// <summary>The workflow, or its run, ended first: nobody waits any more.</summary>
    Abandoned,
}
