using System.Text;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>A turn's activities: what the state machine asks for and takes back, and what the core decides about each.</summary>
internal sealed class TurnActivities(WorkflowTurn turn, TurnDraft draft, TurnServices services)
{
    /// <summary>The heartbeat that this turn has recorded; null when there is none, or once it is raised.</summary>
    public RecordedHeartbeat? Heartbeat { get; private set; }

    /// <summary>The open activities that this turn has loaded or scheduled.</summary>
    public IReadOnlyList<ActivityRecord> Open => [.. draft.Activities.Values.Where(x => !x.State.IsClosed)];

    public bool WantsCancel => draft.Cancels.Count > 0;

    public ActivityRecord? Find(string activityId) => draft.Activities.GetValueOrDefault(activityId);

    /// <summary>Asks for activities of one name: called by the state machine. Each has the next number.</summary>
    public void Schedule(string name, IReadOnlyList<string> arguments, ActivityOptions options, string? groupId = null)
    {
        var policy = ActivityOptionsValidator.Validate(name, options, turn.Now) with { Traceparent = EngineTraces.Current };
        var number = TakeNumbers(name, arguments.Count);
        draft.Workflow = RequireWorkflow() with { HasTiedActivities = RequireWorkflow().HasTiedActivities || options.EndsWithActivity is not null };
        foreach (var payload in arguments)
        {
            CheckSize(name, payload);
            var request = new ScheduleRequest
            {
                WorkflowId = turn.WorkflowId,
                Id = ActivityCounts.IdOf(name, number++),
                Name = name,
                GroupId = groupId,
                EndsWith = options.EndsWithActivity,
                TaskQueue = options.TaskQueue,
                Policy = policy,
                Arguments = payload,
            };
            Apply(null, ActivityLifecycle.Schedule(request, turn.Now));
        }
    }

    /// <summary>Takes the next id of a kind of thing that the workflow owns.</summary>
    public string NextId(string kind) => ActivityCounts.IdOf(kind, TakeNumbers(kind, 1));

    /// <summary>Takes a decision of the core into the change set: the row, its history, its messages.</summary>
    public void Apply(ActivityRecord? before, Decision decision)
    {
        if (before is not null && ReferenceEquals(before.State, decision.State))
        {
            return;
        }

        var type = before?.WorkflowType ?? RequireWorkflow().Type;
        var record = new ActivityRecord(decision.State, before?.Version ?? 0, type);
        draft.Activities[decision.State.Id] = record;
        draft.ChangedActivities.Add(decision.State.Id);
        foreach (var effect in decision.Effects)
        {
            Apply(record, effect);
        }
    }

    /// <summary>Takes the heartbeat in order to raise it.</summary>
    public RecordedHeartbeat? TakeHeartbeat()
    {
        var heartbeat = Heartbeat;
        Heartbeat = null;
        return heartbeat;
    }

    /// <summary>Notes that the latest open activity of a name is to stop: called by the state machine.</summary>
    public void WantCancelOfLatest(string name, CancellationMode mode, string reason) =>
        WantCancel(new WantedCancel(name, ActivityCounts.Latest(RequireWorkflow().ActivityCounts, name), mode, reason));

    /// <summary>Notes that an activity is to stop. Nothing happens before <see cref="CancelWanted"/>: its row may not be loaded yet.</summary>
    public void WantCancel(WantedCancel wanted) => draft.Cancels.Add(wanted);

    /// <summary>Asks the activities to stop that the state machine named. The open ones are loaded.</summary>
    public void CancelWanted()
    {
        foreach (var wanted in draft.Cancels)
        {
            if (wanted.Find(draft.Activities.Values) is { } record)
            {
                Apply(record, Decide(record, new ActivityEvent.CancelRequest(wanted.Reason, wanted.Mode)));
            }
        }

        draft.Cancels.Clear();
    }

    /// <summary>Closes what is still open of a workflow that has ended, or whose run has.</summary>
    public void CloseOpen()
    {
        var workflow = RequireWorkflow();
        foreach (var record in Mutants.On(Mutant.OpenActivitiesLeft) ? [] : Open)
        {
            Apply(record, Decide(record, WorkflowEnd.EventOf(workflow)));
            turn.Joins.Abandon(record.State.GroupId);
        }

        draft.Cancels.Clear();
    }

    private Decision Decide(ActivityRecord record, ActivityEvent @event) =>
        ActivityLifecycle.Decide(record.State, @event, turn.Now, services.Random.NextDouble());

    private void Apply(ActivityRecord record, ActivityEffect effect)
    {
        var state = record.State;
        draft.History.AddRange(ActivityHistory.Of(state, effect, turn.Now));
        switch (effect)
        {
            case ActivityEffect.RequestAttempt:
                draft.Derived.Add(services.Requests.Create(record, turn.Now));
                break;
            case ActivityEffect.PushCancel push:
                draft.Derived.Add(ActivityRequestFactory.CreateCancel(record, push, turn.Now));
                break;
            case ActivityEffect.HeartbeatTaken taken:
                Heartbeat = new RecordedHeartbeat(state.Name, new ActivityHeartbeat(state.Id, taken.Attempt, taken.Checkpoint));
                break;
            case ActivityEffect.ActivityEnded:
                if (!turn.Joins.Takes(state) && !turn.Waits.Takes(state))
                {
                    turn.Enqueue(state);
                }

                break;
        }
    }

    private int TakeNumbers(string name, int count)
    {
        var workflow = RequireWorkflow();
        var (counts, number) = ActivityCounts.Next(workflow.ActivityCounts, name, count);
        draft.Workflow = workflow with { ActivityCounts = counts };
        draft.WorkflowChanged = true;
        return number;
    }

    private static void CheckSize(string name, string arguments)
    {
        if (Encoding.UTF8.GetByteCount(arguments) > WireLimits.ArgumentsBytes)
        {
            throw new SagaFlowException(
                $"The arguments of activity '{name}' are larger than {WireLimits.ArgumentsBytes} bytes. Pass a reference to the data instead.");
        }
    }

    private WorkflowRecord RequireWorkflow() =>
        draft.Workflow ?? throw new InvalidOperationException($"Workflow {turn.WorkflowId} is not loaded in this turn.");
}
