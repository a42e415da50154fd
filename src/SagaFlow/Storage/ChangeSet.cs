namespace SagaFlow.Storage;

/// <summary>Everything one message changes, committed whole or not at all.</summary>
internal sealed record ChangeSet(Guid WorkflowId)
{
    /// <summary>The message itself; a second change set with the same key is a <see cref="CommitResult.Duplicate"/>.</summary>
    public InboxEntry? Inbox { get; init; }

    /// <summary>The workflow's new row; its <see cref="WorkflowRecord.Version"/> is the version that was loaded (0: insert).</summary>
    public WorkflowRecord? Workflow { get; init; }

    /// <summary>New rows of activities; each <see cref="ActivityRecord.Version"/> is the version that was loaded (0: insert).</summary>
    public IReadOnlyList<ActivityRecord> Activities { get; init; } = [];

    public IReadOnlyList<HistoryEvent> History { get; init; } = [];

    /// <summary>Messages that are stored with the change and leave after the commit.</summary>
    public IReadOnlyList<OutgoingMessage> Outgoing { get; init; } = [];

    /// <summary>Messages that leave after the commit and are not stored: a crash makes them again from their activities' rows.</summary>
    public IReadOnlyList<OutgoingMessage> Derived { get; init; } = [];

    public IReadOnlyList<KeptMessage> Kept { get; init; } = [];

    /// <summary>Kept messages that were handled or dropped now.</summary>
    public IReadOnlyList<Guid> Released { get; init; } = [];

    /// <summary>New groups of activities; their members stand in <see cref="Activities"/>.</summary>
    public IReadOnlyList<GroupRecord> Groups { get; init; } = [];

    /// <summary>Members that are closed in <see cref="Activities"/>, summed for each group. Counted by the statement, never read first.</summary>
    public IReadOnlyList<GroupClosing> Closings { get; init; } = [];

    /// <summary>Groups that nobody waits for any more.</summary>
    public IReadOnlyList<GroupEnd> EndedGroups { get; init; } = [];

    /// <summary>Whether nobody waits any more for any group of the workflow, because it has ended, or its run: also one whose
    /// condition is met, by this change set or by one that was a moment earlier. It applies after <see cref="Closings"/>.</summary>
    public bool EndsAllGroups { get; init; }

    /// <summary>Timers that the state machine scheduled.</summary>
    public IReadOnlyList<TimerRecord> Timers { get; init; } = [];

    /// <summary>Timers that were unscheduled, or whose message is raised by this very change.</summary>
    public IReadOnlyList<Guid> EndedTimers { get; init; } = [];

    /// <summary>Whether all timers go that the workflow had before, because it has ended, or its run. <see cref="Timers"/> stay.</summary>
    public bool EndsAllTimers { get; init; }
}
