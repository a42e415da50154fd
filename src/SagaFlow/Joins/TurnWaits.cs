using SagaFlow.Activities;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Joins;

/// <summary>A turn's part in <c>WhenAll</c> and <c>WhenAny</c>: remembers in the workflow's row how the awaited activities ended.</summary>
/// <remarks>An ending counts as long as its activity is the latest of its name, in whatever state of the workflow it came.</remarks>
internal sealed class TurnWaits(WorkflowTurn turn, TurnDraft draft, TurnServices services)
{
    private const string Overtaken = "Another was enough";

    private readonly HashSet<string> _overtaken = new(StringComparer.Ordinal);

    private WorkflowRecord Workflow => turn.Workflow!;

    /// <summary>Remembers the ending that is about to be raised; whether the workflow hears of it only together with others.</summary>
    public bool Absorbs(IWorkflowMachine machine)
    {
        if (turn.Outcome is not ActivityState ended || !machine.Waits.Any(x => x.Activities.Contains(ended.Name)))
        {
            return false;
        }

        var completed = ended.Status == ActivityStatus.Completed;
        var endings = Read();
        endings[ended.Name] = new ActivityEnding(ended.Id, completed ? ended.Result ?? "null" : null);
        Write(endings);
        var waits = WaitsOf(machine).Where(x => x.Activities.Contains(ended.Name));
        return !Handles(machine, ended) && waits.Any(x => completed || (x.Any && x.Activities.Any(IsOpen)));
    }

    /// <summary>Notes at the end of a run that none of its activities is awaited any more: their numbers go on in the next run, in
    /// which one that is not asked for again must not look open.</summary>
    public void EndAll(IWorkflowMachine machine) => Write(machine.Waits
        .SelectMany(x => x.Activities)
        .Distinct(StringComparer.Ordinal)
        .Where(x => ActivityCounts.Latest(Workflow.ActivityCounts, x) > 0)
        .ToDictionary(x => x, x => new ActivityEnding(LatestId(x), Result: null), StringComparer.Ordinal));

    /// <summary>Finds a wait of the current state whose condition is met.</summary>
    public ActivityWait? FindMet(IWorkflowMachine machine)
    {
        var endings = Read();
        return endings.Count == 0
            ? null
            : WaitsOf(machine).FirstOrDefault(x => x.Any ? x.Activities.Any(HasResult) : x.Activities.All(HasResult));

        bool HasResult(string name) => LatestOf(endings, name) is { Result: not null };
    }

    /// <summary>The activities of a wait that have not ended: their latest ids.</summary>
    public IReadOnlyList<string> OpenOf(ActivityWait wait) => [.. wait.Activities.Where(IsOpen).Select(LatestId)];

    /// <summary>Meets a wait: those of its activities that are still open are canceled, then the workflow is told.</summary>
    /// <param name="wait">Whose condition is met.</param>
    /// <param name="open">Its open activities, which this turn has loaded.</param>
    public void Meet(ActivityWait wait, IReadOnlyList<string> open)
    {
        foreach (var record in open.Select(turn.Activities.Find).OfType<ActivityRecord>().Where(x => !x.State.IsClosed))
        {
            _overtaken.Add(record.State.Id);
            var request = new ActivityEvent.CancelRequest(Overtaken, CancellationMode.Try);
            turn.Activities.Apply(record, ActivityLifecycle.Decide(record.State, request, turn.Now, services.Random.NextDouble()));
        }

        var endings = Read();
        var completed = wait.Activities
            .Select(name => (Name: name, Ending: LatestOf(endings, name)))
            .Where(x => x.Ending is { Result: not null })
            .ToDictionary(x => x.Name, x => x.Ending!, StringComparer.Ordinal);
        foreach (var name in wait.Activities)
        {
            endings.Remove(name);
        }

        Write(endings);
        turn.Enqueue(new MetWait(wait.Event, new CompletedActivities(completed)));
    }

    /// <summary>Whether an activity ended because another of its wait was enough: the workflow hears nothing of it.</summary>
    public bool Takes(ActivityState ended) => _overtaken.Contains(ended.Id);

    // A nearer name comes first: a state that handles an activity's own event hears of it by that.
    private bool Handles(IWorkflowMachine machine, ActivityState ended)
    {
        var events = machine.Activities[ended.Name].Events;
        return ended.Status switch
        {
            ActivityStatus.Completed => In(events.Completed.Name),
            ActivityStatus.TimedOut => In(events.TimedOut.Name) || In(events.Failed.Name),
            ActivityStatus.Canceled => In(events.Canceled.Name) || In(events.Failed.Name),
            _ => In(events.Failed.Name),
        };

        bool In(string eventName) => machine.Handles(Workflow.State, eventName);
    }

    private IEnumerable<ActivityWait> WaitsOf(IWorkflowMachine machine) =>
        machine.Waits.Where(x => machine.Handles(Workflow.State, x.Event.Name));

    private bool IsOpen(string name) => ActivityCounts.Latest(Workflow.ActivityCounts, name) > 0 && LatestOf(Read(), name) is null;

    private ActivityEnding? LatestOf(Dictionary<string, ActivityEnding> endings, string name) =>
        endings.GetValueOrDefault(name) is { } ending && ending.Id == LatestId(name) ? ending : null;

    private string LatestId(string name) => ActivityCounts.IdOf(name, ActivityCounts.Latest(Workflow.ActivityCounts, name));

    private Dictionary<string, ActivityEnding> Read() =>
        Workflow.Waits is { } json ? StoreJson.Read<Dictionary<string, ActivityEnding>>(json) : new(StringComparer.Ordinal);

    private void Write(Dictionary<string, ActivityEnding> endings)
    {
        draft.Workflow = Workflow with { Waits = endings.Count == 0 ? null : StoreJson.Write(endings) };
        draft.WorkflowChanged = true;
    }
}
