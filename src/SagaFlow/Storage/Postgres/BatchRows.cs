namespace SagaFlow.Storage.Postgres;

/// <summary>The rows of all change sets of a batch, table by table.</summary>
internal sealed class BatchRows
{
    public List<Placed<Candidate>> Candidates { get; } = [];
    public List<Placed<WorkflowRecord>> Workflows { get; } = [];
    public List<Placed<ActivityRow>> Activities { get; } = [];
    public List<Placed<GroupRecord>> Groups { get; } = [];
    public List<Placed<OfGroup>> Closings { get; } = [];
    public List<Placed<OfGroup>> GroupEnds { get; } = [];
    public List<Placed<HistoryEvent>> History { get; } = [];
    public List<Placed<OutgoingMessage>> Outgoing { get; } = [];
    public List<Placed<KeptMessage>> Kept { get; } = [];
    public List<Placed<OfWorkflow>> Released { get; } = [];
    public List<Placed<TimerRecord>> Timers { get; } = [];
    public List<Placed<OfWorkflow>> EndedTimers { get; } = [];

    /// <summary>Outgoing messages that have arrived: they are deleted beside the change sets.</summary>
    public List<Guid> Arrived { get; } = [];
}

/// <summary>One change set, with its message when it has one.</summary>
internal sealed record Candidate(InboxEntry? Inbox, Guid? EndsTimersOf, Guid? EndsGroupsOf, bool MeetsOwnGroup);

/// <summary>Names what belongs to a workflow by an id of its own: a kept message, a timer.</summary>
internal sealed record OfWorkflow(Guid WorkflowId, Guid Id);

/// <summary>What happens to one group: members that close, or its end.</summary>
internal sealed record OfGroup(Guid WorkflowId, string GroupId, int Completed, int Failed, GroupStatus Status);
