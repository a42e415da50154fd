using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The change set of a turn while it is being made.</summary>
internal sealed class TurnDraft
{
    public WorkflowRecord? Workflow { get; set; }
    public bool WorkflowChanged { get; set; }
    public InboxEntry? Inbox { get; set; }
    public bool MessageKept { get; set; }
    public Dictionary<string, ActivityRecord> Activities { get; private set; } = new(StringComparer.Ordinal);
    public HashSet<string> ChangedActivities { get; private set; } = new(StringComparer.Ordinal);
    public List<HistoryEvent> History { get; private set; } = [];
    public List<OutgoingMessage> Outgoing { get; private set; } = [];
    public List<OutgoingMessage> Derived { get; private set; } = [];
    public List<KeptMessage> KeptBefore { get; private set; } = [];
    public List<KeptMessage> Kept { get; private set; } = [];
    public List<Guid> Released { get; private set; } = [];
    public List<GroupRecord> Groups { get; private set; } = [];
    public Dictionary<string, GroupClosing> Closings { get; private set; } = new(StringComparer.Ordinal);
    public Dictionary<string, GroupStatus> EndedGroups { get; private set; } = new(StringComparer.Ordinal);
    public List<WantedCancel> Cancels { get; private set; } = [];
    public List<TimerRecord> Timers { get; private set; } = [];
    public List<Guid> EndedTimers { get; private set; } = [];

    /// <summary>Begins the workflow's next run, whose predecessor has left nothing behind.</summary>
    public TimerRecord? NextRun { get; set; }

    public bool HasChanges =>
        WorkflowChanged || ChangedActivities.Count > 0 || History.Count > 0 || Kept.Count > 0 || Inbox is not null
        || EndedGroups.Count > 0;

    private bool HasEnded => WorkflowChanged && Workflow is { Status: not WorkflowStatus.Running };

    public TurnDraft Copy()
    {
        var copy = new TurnDraft();
        copy.RestoreFrom(this);
        return copy;
    }

    public void RestoreFrom(TurnDraft other)
    {
        Workflow = other.Workflow;
        WorkflowChanged = other.WorkflowChanged;
        Inbox = other.Inbox;
        MessageKept = other.MessageKept;
        Activities = new(other.Activities, StringComparer.Ordinal);
        ChangedActivities = new(other.ChangedActivities, StringComparer.Ordinal);
        History = [.. other.History];
        Outgoing = [.. other.Outgoing];
        Derived = [.. other.Derived];
        KeptBefore = [.. other.KeptBefore];
        Kept = [.. other.Kept];
        Released = [.. other.Released];
        Groups = [.. other.Groups];
        Closings = new(other.Closings, StringComparer.Ordinal);
        EndedGroups = new(other.EndedGroups, StringComparer.Ordinal);
        Cancels = [.. other.Cancels];
        Timers = [.. other.Timers];
        EndedTimers = [.. other.EndedTimers];
        NextRun = other.NextRun;
    }

    public ChangeSet ToChangeSet(Guid workflowId) => new(workflowId)
    {
        Inbox = Inbox,
        Workflow = WorkflowChanged ? Workflow : null,
        Activities = [.. ChangedActivities.Select(x => Activities[x])],
        History = [.. History],
        Outgoing = [.. Outgoing],
        Derived = [.. Derived],
        Kept = [.. Kept],
        Released = [.. Released],
        Groups = [.. Groups],
        Closings = [.. Closings.Values],
        EndedGroups = [.. EndedGroups.Select(x => new GroupEnd(x.Key, x.Value))],
        Timers = NextRun is not null ? [NextRun] : HasEnded ? [] : [.. Timers],
        EndedTimers = [.. EndedTimers],
        EndsAllTimers = HasEnded || NextRun is not null,
        EndsAllGroups = HasEnded || NextRun is not null,
    };
}
