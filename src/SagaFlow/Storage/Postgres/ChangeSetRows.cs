namespace SagaFlow.Storage.Postgres;

/// <summary>The rows of one change set, checked before it is queued with its neighbours.</summary>
/// <remarks>All parts of the statement see the tables as they were before it. What a change set does and undoes in one go, such
/// as a group whose members close at once, is therefore settled here.</remarks>
internal sealed class ChangeSetRows
{
    private readonly ChangeSet _changes;
    private readonly List<ActivityRow> _activities;
    private readonly List<GroupRecord> _groups = [];
    private readonly List<OfGroup> _closings;
    private readonly List<OfGroup> _ends;
    private readonly List<KeptMessage> _kept;
    private readonly List<TimerRecord> _timers;
    private readonly Candidate _candidate;

    /// <exception cref="StorageLimitException">A value is too large, or is no text that the database can keep.</exception>
    public ChangeSetRows(ChangeSet changes)
    {
        StorageLimits.Check(changes);
        _changes = changes;
        _activities = [.. changes.Activities.Select(ActivityRow.From)];
        _kept = [.. changes.Kept.Where(x => !changes.Released.Contains(x.MessageId))];
        _timers = [.. changes.Timers.Where(x => !changes.EndedTimers.Contains(x.Id))];
        _ends = [.. changes.EndedGroups.Where(x => !IsNew(x.GroupId)).Select(x => new OfGroup(changes.WorkflowId, x.GroupId, 0, 0, x.Status))];
        _closings =
        [
            .. changes.Closings.Where(x => !changes.EndsAllGroups && !IsNew(x.GroupId) && EndOf(x.GroupId) is null)
                .Select(x => new OfGroup(changes.WorkflowId, x.GroupId, x.Completed, x.Failed, GroupStatus.Open)),
        ];
        var met = false;
        foreach (var group in changes.Groups)
        {
            var settled = Settle(group);
            met |= settled.Status == GroupStatus.Met;
            _groups.Add(settled);
        }

        _candidate = new Candidate(
            changes.Inbox, changes.EndsAllTimers ? changes.WorkflowId : null, changes.EndsAllGroups ? changes.WorkflowId : null, met);
        Bytes = Check();
    }

    /// <summary>Gets about how many bytes the statement grows by.</summary>
    public int Bytes { get; }

    public Guid WorkflowId => _changes.WorkflowId;

    /// <summary>Names the rows that no other change set of the same batch may touch.</summary>
    public IEnumerable<RowKey> Exclusive()
    {
        if (_changes.Inbox is { } inbox)
        {
            yield return new RowKey(inbox.Key.WorkflowId, inbox.Key.MessageId, inbox.Key.Endpoint);
        }

        if (_changes.Workflow is not null || _kept.Count + _timers.Count + _changes.Released.Count + _changes.EndedTimers.Count > 0
            || _changes.EndsAllTimers)
        {
            yield return new RowKey(WorkflowId, Guid.Empty, "");
        }

        foreach (var activity in _activities)
        {
            yield return new RowKey(activity.WorkflowId, Guid.Empty, activity.Id);
        }

        foreach (var groupId in _groups.Select(x => x.Id).Concat(_ends.Select(x => x.GroupId)))
        {
            yield return OfGroup(groupId);
        }

        if (_changes.EndsAllGroups)
        {
            yield return AllGroups;
        }
    }

    /// <summary>Names the rows that it shares with others of its kind: groups, whose closings are summed.</summary>
    public IEnumerable<RowKey> Shared() => _closings.Count == 0 ? [] : _closings.Select(x => OfGroup(x.GroupId)).Append(AllGroups);

    public void AddTo(BatchRows batch, int place)
    {
        batch.Candidates.Add(new(place, _candidate));
        if (_changes.Workflow is { } workflow)
        {
            batch.Workflows.Add(new(place, workflow));
        }

        Add(batch.Activities, _activities, place);
        Add(batch.Groups, _groups, place);
        Add(batch.Closings, _closings, place);
        Add(batch.GroupEnds, _ends, place);
        Add(batch.History, _changes.History, place);
        Add(batch.Outgoing, _changes.Outgoing, place);
        Add(batch.Kept, _kept, place);
        Add(batch.Released, [.. _changes.Released.Select(OfThisWorkflow)], place);
        Add(batch.Timers, _timers, place);
        Add(batch.EndedTimers, [.. _changes.EndedTimers.Select(OfThisWorkflow)], place);
    }

    private static void Add<TRow>(List<Placed<TRow>> rows, IReadOnlyList<TRow> added, int place)
    {
        foreach (var row in added)
        {
            rows.Add(new(place, row));
        }
    }

    private OfWorkflow OfThisWorkflow(Guid id) => new(WorkflowId, id);

    // Not the name of an activity: those never hold a line feed.
    private RowKey OfGroup(string groupId) => new(WorkflowId, Guid.Empty, $"\n{groupId}");

    private RowKey AllGroups => OfGroup("");

    private bool IsNew(string groupId) => _changes.Groups.Any(x => x.Id == groupId);

    private GroupStatus? EndOf(string groupId) => _changes.EndedGroups.FirstOrDefault(x => x.GroupId == groupId)?.Status;

    // The rule of the statement, for a group whose members close in the change set that made it.
    private GroupRecord Settle(GroupRecord group)
    {
        if (EndOf(group.Id) is { } end)
        {
            return group with { Status = end };
        }

        if (_changes.EndsAllGroups && group.Status is GroupStatus.Open or GroupStatus.Met)
        {
            return group with { Status = GroupStatus.Abandoned };
        }

        if (group.Status != GroupStatus.Open || _changes.Closings.FirstOrDefault(x => x.GroupId == group.Id) is not { } closing)
        {
            return group;
        }

        var open = group.Open - closing.Completed - closing.Failed;
        var failed = group.Failed + closing.Failed;
        var isMet = closing.Completed >= group.Needed || failed > group.FailuresAllowed || open <= 0;
        return group with { Open = open, Failed = failed, Status = isMet ? GroupStatus.Met : group.Status };
    }

    private int Check()
    {
        var bytes = BatchTables.Candidates.Check(_candidate);
        bytes += _changes.Workflow is { } workflow ? BatchTables.Workflows.Check(workflow) : 0;
        bytes += _activities.Sum(BatchTables.Activities.Check);
        bytes += _groups.Sum(BatchTables.Groups.Check);
        bytes += _changes.History.Sum(BatchTables.History.Check);
        bytes += _changes.Outgoing.Sum(BatchTables.Outgoing.Check);
        bytes += _kept.Sum(BatchTables.Kept.Check);
        return bytes + _timers.Sum(BatchTables.Timers.Check);
    }
}

/// <summary>Names one row of any table that a batch may touch only once.</summary>
internal readonly record struct RowKey(Guid WorkflowId, Guid Id, string Name);
