using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>Runs a definition of the grammar: the simulator's stand-in for a state machine.</summary>
internal static class Interpreter
{
    public static void Start(Turn turn, int content)
    {
        var definition = turn.Workflow.Definition;
        var deadline = definition.Timeout < 0 ? ActivityImage.Never : turn.Now + definition.Timeout;
        turn.Set(turn.Program with { Standing = WorkflowStanding.Running, StartContent = content });
        turn.Note(NoteKind.Started, 0, deadline, content);
        Finish(turn);
    }

    public static void Signal(Turn turn, long id, int content)
    {
        turn.Accepts = (id, content);
        if (turn.Program.Waiting != Waiting.Signal)
        {
            turn.Told = Disposition.Kept;
            turn.Note(NoteKind.SignalKept, id, content);
            turn.Set(turn.Program with { Kept = [.. turn.Program.Kept, (id, content)] });
            return;
        }

        turn.Note(NoteKind.SignalTaken, id, content);
        StepDone(turn);
        Finish(turn);
    }

    public static void Joined(Turn turn, GroupRow group)
    {
        turn.Note(NoteKind.GroupJoined, group.Number);
        turn.JoinedGroup = group.Number;
        var completed = 0;
        for (var i = 0; i < group.Members; i++)
        {
            var row = turn.Workflow.Activities[group.FirstActivity + i];
            completed += row.State.Status == ActivityStatus.Completed ? 1 : 0;
            Cancel(turn, row, CancellationMode.Try);
        }

        if (turn.Program.Waiting == Waiting.Group && turn.Program.Number == group.Number)
        {
            StepOver(turn, completed >= group.Needed);
        }

        turn.Set(turn.Program);
        Finish(turn);
    }

    public static void Timer(Turn turn, TimerRow timer)
    {
        turn.Note(NoteKind.TimerFired, timer.Number);
        turn.EndedTimers.Add(timer.Number);
        var program = turn.Program;
        if (program.Waiting == Waiting.Timer && program.Number == timer.Number)
        {
            StepDone(turn);
        }
        else if (program.Waiting == Waiting.Activity && program.Number == timer.Number)
        {
            turn.Set(program with { Number = -1 });
            Cancel(turn, turn.Workflow.Activities[program.Pending], Spec(turn).Mode);
        }

        turn.Set(turn.Program);
        Finish(turn);
    }

    /// <summary>Ends the workflow; what is open closes with it.</summary>
    public static void End(Turn turn, WorkflowStanding standing)
    {
        turn.Note(NoteKind.Ended, (long)standing);
        foreach (var (id, _) in turn.Program.Kept)
        {
            turn.Note(NoteKind.SignalDropped, id);
        }

        turn.Set(turn.Program with { Standing = standing, Waiting = Waiting.Nothing, Kept = [] });
        turn.AbandonsGroups = true;
        CloseOpenActivities(turn, standing == WorkflowStanding.Canceled);
    }

    /// <summary>Raises what became ready while the turn ran, as the engine does at the end of each turn.</summary>
    public static void Finish(Turn turn)
    {
        while (turn.Program.IsRunning)
        {
            if (turn.TryTakeEnded(out var ended))
            {
                OnEnded(turn, ended.Row, ended.Status);
            }
            else if (turn.Program is { Waiting: Waiting.Signal, Kept: [var (id, content), ..] })
            {
                turn.Note(NoteKind.SignalRaised, id, content);
                turn.Set(turn.Program with { Kept = [.. turn.Program.Kept.Skip(1)] });
                StepDone(turn);
            }
            else if (turn.Program.Waiting != Waiting.Nothing)
            {
                return;
            }
            else if (turn.Program.Step >= turn.Workflow.Definition.Steps.Count)
            {
                End(turn, WorkflowStanding.Completed);
            }
            else
            {
                Begin(turn, Spec(turn));
            }
        }
    }

    private static StepSpec Spec(Turn turn) => turn.Workflow.Definition.Steps[turn.Program.Step];

    private static void Begin(Turn turn, StepSpec step)
    {
        var first = turn.Program.Activities;
        var timer = step.Kind is StepKind.Timer or StepKind.CancelAfter ? SetTimer(turn, step.Delay) : -1;
        switch (step.Kind)
        {
            case StepKind.Activity:
                turn.Set(turn.Program with { Waiting = Waiting.Activity, Pending = first, Number = -1 });
                turn.Schedule(step.Policy);
                break;
            case StepKind.Race:
                turn.Set(turn.Program with { Waiting = Waiting.Race, Pending = first, Lost = 0 });
                ScheduleAll(turn, step, -1);
                break;
            case StepKind.Parallel:
                BeginGroup(turn, step, first);
                break;
            case StepKind.Signal:
                turn.Set(turn.Program with { Waiting = Waiting.Signal });
                break;
            case StepKind.Timer:
                turn.Set(turn.Program with { Waiting = Waiting.Timer, Number = timer });
                break;
            case StepKind.CancelAfter:
                turn.Set(turn.Program with { Waiting = Waiting.Activity, Pending = first, Number = timer });
                turn.Schedule(step.Policy);
                break;
        }
    }

    private static void BeginGroup(Turn turn, StepSpec step, int first)
    {
        var number = turn.Program.Groups;
        turn.Set(turn.Program with { Waiting = Waiting.Group, Number = number, Groups = number + 1 });
        turn.NewGroups.Add(new GroupRow(number, step.Count, step.Needed, step.FailuresAllowed, first));
        turn.Note(NoteKind.GroupMade, number, step.Needed, step.FailuresAllowed, step.Count);
        ScheduleAll(turn, step, number);
    }

    private static void ScheduleAll(Turn turn, StepSpec step, int group)
    {
        for (var i = 0; i < step.Count; i++)
        {
            turn.Schedule(step.Policy, group);
        }
    }

    private static int SetTimer(Turn turn, long delay)
    {
        var number = turn.Program.Timers;
        turn.Set(turn.Program with { Timers = number + 1 });
        turn.NewTimers.Add(new TimerRow(number, turn.Now + delay, turn.WorkflowVersion));
        turn.Note(NoteKind.TimerSet, number, turn.Now + delay);
        return number;
    }

    private static void OnEnded(Turn turn, ActivityRow row, ActivityStatus status)
    {
        var program = turn.Program;
        if (program.Waiting == Waiting.Activity && program.Pending == row.Index)
        {
            if (program.Number >= 0)
            {
                turn.EndedTimers.Add(program.Number);
                turn.Note(NoteKind.TimerTakenBack, program.Number);
            }

            var stopped = status == ActivityStatus.Canceled && Spec(turn).Kind == StepKind.CancelAfter;
            StepOver(turn, status == ActivityStatus.Completed || stopped);
        }
        else if (program.Waiting == Waiting.Race && row.Index >= program.Pending && row.Index < program.Pending + Spec(turn).Count)
        {
            OnRacerEnded(turn, row, status);
        }
    }

    private static void OnRacerEnded(Turn turn, ActivityRow row, ActivityStatus status)
    {
        var (first, count) = (turn.Program.Pending, Spec(turn).Count);
        if (status == ActivityStatus.Completed)
        {
            StepDone(turn);
            for (var i = first; i < first + count; i++)
            {
                if (i != row.Index)
                {
                    Cancel(turn, RowOf(turn, i), CancellationMode.Try);
                }
            }
        }
        else if (turn.Program.Lost + 1 == count)
        {
            StepOver(turn, succeeded: false);
        }
        else
        {
            turn.Set(turn.Program with { Lost = turn.Program.Lost + 1 });
        }
    }

    private static ActivityRow RowOf(Turn turn, int index) => index < turn.Workflow.Activities.Count
        ? turn.Workflow.Activities[index]
        : turn.Changes.Find(x => x.Row.Index == index).Row;

    private static void Cancel(Turn turn, ActivityRow row, CancellationMode mode) =>
        turn.Decide(row, new ActivityEvent.CancelRequest("enough", mode), out _);

    private static void StepOver(Turn turn, bool succeeded)
    {
        if (succeeded || Spec(turn).GoesOn)
        {
            StepDone(turn);
        }
        else
        {
            End(turn, WorkflowStanding.Failed);
        }
    }

    private static void StepDone(Turn turn)
    {
        var program = turn.Program with { Waiting = Waiting.Nothing, Number = -1 };
        turn.Set(program.Round + 1 < Spec(turn).Rounds
            ? program with { Round = program.Round + 1 }
            : program with { Step = program.Step + 1, Round = 0 });
    }

    private static void CloseOpenActivities(Turn turn, bool canceled)
    {
        var ended = new ActivityEvent.WorkflowEnded("the workflow has ended", canceled);
        foreach (var row in turn.Workflow.Activities)
        {
            turn.Decide(row, ended, out _);
        }

        for (var i = 0; i < turn.Changes.Count; i++)
        {
            if (turn.Changes[i].IsNew)
            {
                turn.Decide(turn.Changes[i].Row, ended, out _);
            }
        }
    }
}
