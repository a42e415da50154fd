using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>One message's work on one workflow: what was loaded and the change set that comes of it, as in the engine.</summary>
internal sealed class Turn
{
    private readonly Queue<(ActivityRow Row, ActivityStatus Status)> _ended = new();

    public Message Cause { get; private set; } = null!;
    public WorkflowRow Workflow { get; private set; } = null!;
    public int Engine { get; private set; }
    public long Now { get; private set; }
    public DateTimeOffset Instant { get; private set; }

    /// <summary>Set when its engine died before the commit.</summary>
    public bool IsDead { get; set; }

    public int Conflicts { get; set; }
    public Disposition Told { get; set; }
    public ProgramState Program { get; private set; } = ProgramState.Absent;
    public int WorkflowVersion { get; private set; }
    public bool ProgramChanged { get; private set; }
    public long Inbox { get; set; }

    /// <summary>A signal that this turn accepts: as an inbox row of its own.</summary>
    public (long Id, int Content)? Accepts { get; set; }

    public List<Change> Changes { get; } = [];
    public List<Message> Outgoing { get; } = [];
    public List<(int Group, int Completed, int Failed)> Closings { get; } = [];
    public List<GroupRow> NewGroups { get; } = [];
    public int JoinedGroup { get; set; } = -1;
    public bool AbandonsGroups { get; set; }
    public List<TimerRow> NewTimers { get; } = [];
    public List<int> EndedTimers { get; } = [];
    public Commit Journal { get; } = new();

    public bool HasChanges => ProgramChanged || Changes.Count > 0 || AbandonsGroups;

    public void Begin(Message cause, int engine, long now)
    {
        Clear();
        Cause = cause;
        Workflow = cause.Workflow;
        Engine = engine;
        Now = now;
        Instant = Spans.Instant(now);
        Program = Workflow.Program;
        WorkflowVersion = Workflow.Version;
        Journal.Workflow = Workflow.Index;
        Journal.Now = now;
    }

    public ActivityState StateOf(ActivityRow row)
    {
        foreach (var change in Changes)
        {
            if (ReferenceEquals(change.Row, row))
            {
                return change.State;
            }
        }

        return row.State;
    }

    public void Set(ProgramState program)
    {
        Program = program;
        ProgramChanged = true;
    }

    public void Note(NoteKind kind, long id, long a = 0, long b = 0, long c = 0) => Journal.Notes.Add(new Note(kind, id, a, b, c));

    public bool TryTakeEnded(out (ActivityRow Row, ActivityStatus Status) ended) => _ended.TryDequeue(out ended);

    public bool HasEnded => _ended.Count > 0;

    /// <summary>Asks for a new activity.</summary>
    public void Schedule(PolicyPair policy, int group = -1)
    {
        var index = Program.Activities;
        Set(Program with { Activities = index + 1 });
        var request = new ScheduleRequest
        {
            WorkflowId = Workflow.Id,
            Id = Answers.ActivityId(index),
            Name = "Work",
            GroupId = group < 0 ? null : "Work-group",
            TaskQueue = "work",
            Policy = policy.Policy,
            Arguments = "{}",
        };
        var decision = ActivityLifecycle.Schedule(request, Instant);
        var row = new ActivityRow(Workflow, index, decision.State, policy, group);
        Changes.Add(new Change(row, decision.State, 0, IsNew: true));
        Journal.Steps.Add(new Step
        {
            Activity = index,
            What = new Happening(HappeningKind.Scheduled),
            Terms = policy.Terms,
            Group = group,
            Stored = Translation.Image(decision.State),
            Facts = Take(row, decision.State, decision.Effects),
        });
    }

    /// <summary>Has the core decide about something that happened to an activity; whether it changed anything.</summary>
    public bool Decide(ActivityRow row, ActivityEvent @event, out Decision decision)
    {
        var before = StateOf(row);
        decision = ActivityLifecycle.Decide(before, @event, Instant, Workflow.Rng.NextDouble());
        if (ReferenceEquals(before, decision.State))
        {
            return false;
        }

        Keep(row, decision.State);
        Journal.Steps.Add(new Step
        {
            Activity = row.Index,
            What = Translation.Happening(@event),
            Group = row.Group,
            Stored = Translation.Image(decision.State),
            Facts = Take(row, decision.State, decision.Effects),
        });
        return true;
    }

    private void Keep(ActivityRow row, ActivityState state)
    {
        for (var i = 0; i < Changes.Count; i++)
        {
            if (ReferenceEquals(Changes[i].Row, row))
            {
                Changes[i] = Changes[i] with { State = state };
                return;
            }
        }

        Changes.Add(new Change(row, state, row.Version, IsNew: false));
    }

    /// <summary>Does what the effects ask for; how many there are.</summary>
    private int Take(ActivityRow row, ActivityState state, IReadOnlyList<ActivityEffect> effects)
    {
        foreach (var effect in effects)
        {
            Journal.Facts.Add(Translation.Fact(effect));
            switch (effect)
            {
                case ActivityEffect.RequestAttempt request:
                    Outgoing.Add(new Message(MessageKind.Request, Workflow) { Activity = row.Index, Attempt = request.Attempt });
                    break;
                case ActivityEffect.PushCancel push:
                    Outgoing.Add(new Message(MessageKind.CancelPush, Workflow) { Activity = row.Index, Attempt = push.Attempt });
                    break;
                case ActivityEffect.ActivityEnded ended when row.Group >= 0:
                    var completed = ended.Status == ActivityStatus.Completed ? 1 : 0;
                    Closings.Add((row.Group, completed, 1 - completed));
                    break;
                case ActivityEffect.ActivityEnded:
                    _ended.Enqueue((row, state.Status));
                    break;
            }
        }

        return effects.Count;
    }

    private void Clear()
    {
        IsDead = ProgramChanged = AbandonsGroups = false;
        Told = Disposition.Applied;
        Inbox = 0;
        Accepts = null;
        JoinedGroup = -1;
        Conflicts = 0;
        Changes.Clear();
        Outgoing.Clear();
        Closings.Clear();
        NewGroups.Clear();
        NewTimers.Clear();
        EndedTimers.Clear();
        Journal.Clear();
        _ended.Clear();
    }

    /// <summary>A row to write.</summary>
    internal readonly record struct Change(ActivityRow Row, ActivityState State, int Version, bool IsNew);
}
