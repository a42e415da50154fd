using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Simulation.Mutation;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Worlds;

/// <summary>What a turn does with each kind of message, as the engine's ingress and endpoints do; activities are decided by the real core.</summary>
internal sealed class Decisions(World world)
{
    private const long LatenessAfterHeal = 15 * Spans.Second;
    private const long LatenessWhenHealthy = Spans.Second + (10 * Spans.Millisecond);

    public void Decide(Turn turn)
    {
        switch (turn.Cause.Kind)
        {
            case MessageKind.Answer:
                Answer(turn);
                break;
            case MessageKind.Ring:
                Ring(turn);
                break;
            case MessageKind.TimerRing:
                RingTimer(turn);
                break;
            case MessageKind.WorkflowRing:
                RingWorkflow(turn);
                break;
            case MessageKind.Join:
                Join(turn);
                break;
            case MessageKind.Start:
                Start(turn);
                break;
            case MessageKind.Signal:
                Signal(turn);
                break;
            default:
                Cancel(turn);
                break;
        }
    }

    /// <summary>The receipt: given after the commit, or when nothing is to be changed.</summary>
    public void Tell(Turn turn, Disposition told)
    {
        var cause = turn.Cause;
        switch (cause.Kind)
        {
            case MessageKind.Start:
                world.Oracle.ToldStart(cause.Workflow.Index, cause.Content, turn.Now, told);
                break;
            case MessageKind.Signal:
                world.Oracle.ToldSignal(cause.Workflow.Index, cause.Id, cause.Content, turn.Now, told);
                break;
            case MessageKind.CancelWorkflow:
                world.Oracle.ToldCancel(cause.Workflow.Index, turn.Now, told);
                break;
            case MessageKind.Answer:
                CountResult(cause, told);
                break;
            default:
                return;
        }

        world.Tally.Count(told);
    }

    private void CountResult(Message answer, Disposition told)
    {
        if (answer.Answer == AnswerKind.Completed)
        {
            world.Tally.AllResults++;
            world.Tally.RepeatedResults += told == Disposition.Duplicate ? 1 : 0;
        }
    }

    private void Answer(Turn turn)
    {
        var message = turn.Cause;
        var (activity, attempt) = (message.Activity, message.Attempt);
        if (message.IsTooLarge)
        {
            turn.Told = Disposition.TooLarge;
            return;
        }

        if (message.Token is { } token && !TryRead(token, turn, out activity, out attempt))
        {
            return;
        }

        var @event = EventOf(message, attempt);
        if (activity < 0 || activity >= turn.Workflow.Activities.Count)
        {
            turn.Told = Disposition.UnknownWorkflow;
            world.Oracle.Judged(turn.Workflow.Index, activity, Translation.Happening(@event), turn.Now, turn.Told);
            return;
        }

        // A token of the whole activity does not name the attempt, so a repeat is told by the message's id.
        if (attempt == 0 && (message.Answer is AnswerKind.Failed or AnswerKind.Released))
        {
            turn.Inbox = ((activity + 1L) << 16) | (message.Id & 0xFFFF);
            if (turn.Workflow.Inbox.Contains(world.Has(ModelBug.InboxWithoutEndpoint) ? turn.Inbox & 0xFFFF : turn.Inbox))
            {
                turn.Told = Disposition.Duplicate;
                world.Oracle.Repeated(turn.Workflow.Index, turn.Inbox, turn.Now);
                return;
            }
        }

        Apply(turn, turn.Workflow.Activities[activity], @event);
    }

    private bool TryRead(string token, Turn turn, out int activity, out int attempt)
    {
        (activity, attempt) = (-1, 0);
        var verdict = TokenDesk.Verify(token, turn.Instant);
        if (!verdict.IsGenuine)
        {
            turn.Told = verdict.Refusal.Value;
            if (turn.Told != (turn.Cause.Number == Workers.BrokenToken ? Disposition.Malformed : Disposition.InvalidToken) || turn.Cause.Number == 0)
            {
                world.Oracle.Break("I6", $"a token was refused as {turn.Told}", turn.Workflow.Index, turn.Now);
            }

            return false;
        }

        if (!verdict.Claims.Scopes.Allow(turn.Cause.Answer) && !world.Has(ModelBug.TokenScopeUnchecked))
        {
            turn.Told = Disposition.Forbidden;
            return false;
        }

        if (turn.Cause.Number is Workers.TamperedToken or Workers.BrokenToken or Workers.WeakToken || verdict.Claims.WorkflowId != turn.Workflow.Id)
        {
            world.Oracle.Break("I6", "a bad token was believed", turn.Workflow.Index, turn.Now);
        }

        activity = int.Parse(verdict.Claims.ActivityId.AsSpan("Work-".Length), System.Globalization.CultureInfo.InvariantCulture);
        attempt = verdict.Claims.Attempt;
        return true;
    }

    private void Apply(Turn turn, ActivityRow row, ActivityEvent @event)
    {
        var changed = turn.Decide(row, @event, out var decision);
        turn.Told = decision.Disposition;
        if (!changed)
        {
            world.Oracle.Judged(turn.Workflow.Index, row.Index, Translation.Happening(@event), turn.Now, decision.Disposition);
            return;
        }

        if (turn.HasEnded)
        {
            Interpreter.Finish(turn);
        }
    }

    private void Ring(Turn turn)
    {
        if (turn.Cause.Activity < turn.Workflow.Activities.Count)
        {
            var ring = new ActivityEvent.Ring(turn.Cause.Attempt, turn.Cause.RingKind, turn.Cause.Version);
            var row = turn.Workflow.Activities[turn.Cause.Activity];
            CheckLateness(turn, row);
            Apply(turn, row, ring);
        }
    }

    private void CheckLateness(Turn turn, ActivityRow row)
    {
        if (!world.IsHealed || row.State.Due is not { } due || due.Version != turn.Cause.Version)
        {
            return;
        }

        // A commit may have been under way for long: nobody can ring a deadline that is not stored yet.
        var from = Math.Max(Math.Max(Spans.At(due.At), row.TouchedAt), world.HealedAt);
        var isHealthy = from > world.HealedAt + LatenessAfterHeal;
        var late = turn.Now - from;
        if (late > (isHealthy ? LatenessWhenHealthy : LatenessAfterHeal))
        {
            world.Oracle.Break("V3", $"a deadline rang {late / Spans.Millisecond} ms late", turn.Workflow.Index, turn.Now);
        }
    }

    private void RingTimer(Turn turn)
    {
        var timer = turn.Workflow.Timers.Find(x => x.Number == turn.Cause.Number);
        var isDue = timer is not null && (turn.Now >= timer.DueAt || world.Has(ModelBug.TimerRingBelieved));
        if (timer is not null && isDue && timer.Version == turn.Cause.Version && turn.Program.IsRunning)
        {
            Interpreter.Timer(turn, timer);
        }
    }

    private void RingWorkflow(Turn turn)
    {
        var deadline = turn.Workflow.Deadline;
        if (turn.Program.IsRunning && deadline != ActivityImage.Never && (turn.Now >= deadline || world.Has(ModelBug.WorkflowRingBelieved)))
        {
            Interpreter.End(turn, WorkflowStanding.TimedOut);
        }
    }

    private void Join(Turn turn)
    {
        if (turn.Cause.Number < turn.Workflow.Groups.Count && turn.Workflow.Groups[turn.Cause.Number] is { Status: GroupStatus.Met } group
            && turn.Program.IsRunning)
        {
            Interpreter.Joined(turn, group);
        }
    }

    private void Start(Turn turn)
    {
        var program = turn.Program;
        if (program.Standing == WorkflowStanding.Absent || world.Has(ModelBug.StartNotIdempotent))
        {
            turn.Told = Disposition.Applied;
            Interpreter.Start(turn, turn.Cause.Content);
            return;
        }

        turn.Told = program.StartContent == turn.Cause.Content ? Disposition.Duplicate : Disposition.DuplicateConflict;
    }

    private void Signal(Turn turn)
    {
        var (id, content) = (turn.Cause.Id, turn.Cause.Content);
        if (turn.Workflow.Accepted.TryGetValue(id, out var said))
        {
            turn.Told = said == content ? Disposition.Duplicate : Disposition.DuplicateConflict;
        }
        else if (!turn.Program.IsRunning)
        {
            turn.Told = turn.Program.Standing switch
            {
                WorkflowStanding.Absent => Disposition.UnknownWorkflow,
                WorkflowStanding.Canceled => Disposition.Canceled,
                _ => Disposition.WorkflowClosed,
            };
        }
        else if (turn.Program.Waiting != Waiting.Signal && turn.Program.Kept.Count >= Database.KeptMessages)
        {
            turn.Told = Disposition.TooMany;
        }
        else if (turn.Program.Waiting != Waiting.Signal && world.Has(ModelBug.EarlySignalDropped))
        {
            turn.Told = Disposition.Kept;
        }
        else
        {
            Interpreter.Signal(turn, id, content);
        }
    }

    private static void Cancel(Turn turn)
    {
        switch (turn.Program.Standing)
        {
            case WorkflowStanding.Absent:
                turn.Told = Disposition.UnknownWorkflow;
                break;
            case WorkflowStanding.Running:
                Interpreter.End(turn, WorkflowStanding.Canceled);
                break;
            default:
                turn.Told = turn.Program.Standing == WorkflowStanding.Canceled ? Disposition.Duplicate : Disposition.WorkflowClosed;
                break;
        }
    }

    private static ActivityEvent EventOf(Message answer, int attempt) => answer.Answer switch
    {
        AnswerKind.Started => new ActivityEvent.Started(attempt, answer.Hash, TimeSpan.FromTicks(answer.RunningFor)),
        AnswerKind.Heartbeat => new ActivityEvent.Heartbeat(attempt, answer.Hash, answer.Sequence, answer.Checkpoint),
        AnswerKind.Completed => new ActivityEvent.Completed(attempt, answer.Hash, answer.Result!),
        AnswerKind.Failed => new ActivityEvent.Failed(attempt, answer.Hash, answer.Failure!, answer.Checkpoint),
        AnswerKind.Canceled => new ActivityEvent.CancelAcknowledged(attempt, answer.Hash),
        _ => new ActivityEvent.Released(attempt, answer.Hash, answer.Checkpoint),
    };
}
