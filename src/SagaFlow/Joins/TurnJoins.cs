using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Joins;

/// <summary>A turn's part in groups of activities: made by the state machine, counted member by member, joined once.</summary>
internal sealed class TurnJoins(WorkflowTurn turn, TurnDraft draft, TurnServices services)
{
    private const string Overtaken = "The others were enough";

    private GroupRecord? _group;
    private IReadOnlyList<ActivityRecord> _members = [];

    /// <summary>The group that was loaded and is to be joined now; <see langword="null"/> when its join came before or is not due.</summary>
    public GroupRecord? Met => _group is { Status: GroupStatus.Met } ? _group : null;

    public void Adopt(Loaded loaded)
    {
        if (loaded.Group is not null)
        {
            _group = loaded.Group;
            _members = [.. loaded.Members.OrderBy(x => ActivityCounts.NumberOf(x.State))];
        }
    }

    /// <summary>Asks for an activity once for each of the arguments: called by the state machine.</summary>
    /// <exception cref="SagaFlowException">There are too many of them, or too few for the join.</exception>
    public void ScheduleEach(string name, IEnumerable<string> arguments, FanOutOptions options)
    {
        var limit = services.Limits.FanOutMembers;
        var members = arguments.Take(limit + 1).ToList();
        if (members.Count > limit)
        {
            throw new SagaFlowException($"ExecuteEach of activity '{name}' was given more than {limit} arguments. Split them over several calls.");
        }

        var (needed, failuresAllowed) = options.Join.For(name, members.Count, options.FailFast);
        var group = new GroupRecord
        {
            WorkflowId = turn.WorkflowId,
            Id = turn.Activities.NextId($"{name}-group"),
            Name = name,
            Members = members.Count,
            Open = members.Count,
            Needed = needed,
            FailuresAllowed = failuresAllowed,
            Status = members.Count == 0 ? GroupStatus.Joined : GroupStatus.Open,
            CreatedAt = turn.Now,
        };
        draft.Groups.Add(group);
        turn.Record(HistoryKind.GroupScheduled, HistoryData.Group(group));
        turn.Activities.Schedule(name, members, options, group.Id);
        if (members.Count == 0)
        {
            Raise(group, [], new HashSet<string>());
        }
    }

    /// <summary>Counts a member that ended, for its group; whether the activity is one. The workflow hears of the group only.</summary>
    public bool Takes(ActivityState ended)
    {
        if (ended.GroupId is not { } groupId)
        {
            return false;
        }

        var completed = ended.Status == ActivityStatus.Completed ? 1 : 0;
        var sum = draft.Closings.GetValueOrDefault(groupId) ?? new GroupClosing(groupId, 0, 0);
        draft.Closings[groupId] = sum with { Completed = sum.Completed + (Mutants.On(Mutant.MemberCountedTwice) ? 2 * completed : completed), Failed = sum.Failed + 1 - completed };
        return true;
    }

    /// <summary>Joins the group that was loaded: members that are still open are canceled, then the workflow is told.</summary>
    public void Join()
    {
        var group = Met ?? throw new InvalidOperationException("No group is to be joined in this turn.");
        draft.EndedGroups[group.Id] = GroupStatus.Joined;
        var overtaken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _members.Where(x => !x.State.IsClosed && !Mutants.On(Mutant.OvertakenStayOpen)))
        {
            overtaken.Add(member.State.Id);
            Cancel(member);
        }

        Raise(group, [.. _members.Select(x => turn.Activities.Find(x.State.Id)!.State)], overtaken);
    }

    /// <summary>Notes that nobody waits for this group any more, because its workflow has ended.</summary>
    public void Abandon(string? groupId)
    {
        if (groupId is not null)
        {
            draft.EndedGroups.TryAdd(groupId, GroupStatus.Abandoned);
        }
    }

    private void Cancel(ActivityRecord member)
    {
        var request = new ActivityEvent.CancelRequest(Overtaken, CancellationMode.Try);
        turn.Activities.Apply(member, ActivityLifecycle.Decide(member.State, request, turn.Now, services.Random.NextDouble()));
    }

    private void Raise(GroupRecord group, IReadOnlyList<ActivityState> members, HashSet<string> overtaken)
    {
        var joined = new JoinedGroup(group.Name, group.Needed, members, overtaken);
        turn.Record(HistoryKind.GroupJoined, HistoryData.Joined(group.Id, joined));
        turn.Enqueue(joined);
    }
}
