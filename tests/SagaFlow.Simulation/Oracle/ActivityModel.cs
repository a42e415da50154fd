using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Oracle;

/// <summary>What the rules demand of one activity, written from their text: judge what happened, then make the move.</summary>
/// <remarks>It knows the engine's rules and not its code. <see cref="Judge"/> changes nothing; <see cref="Make"/> does.</remarks>
internal sealed partial class ActivityModel
{
    private const int EndingsRemembered = 16;

    private readonly List<(int Attempt, Closing How, string? Hash)> _endings = [];
    private readonly Terms _terms;
    private ActivityImage _now;

    /// <param name="terms">The activity's policy.</param>
    /// <param name="now">When it is scheduled.</param>
    /// <param name="facts">Takes what must be written down.</param>
    public ActivityModel(Terms terms, long now, List<Fact> facts)
    {
        _terms = terms;
        _now = new ActivityImage { ScheduledAt = now, AttemptScheduledAt = now };
        if (terms.ScheduleToClose == 0)
        {
            End(Standing.TimedOut, now, facts, DueKind.ScheduleToClose);
            return;
        }

        Open(now, facts);
        Arm(attemptChanged: true);
    }

    /// <summary>What the row must look like now.</summary>
    public ref readonly ActivityImage Image => ref _now;

    /// <summary>What broke a rule that no comparison of rows shows; <see langword="null"/> for nothing.</summary>
    public (string Invariant, string Difference)? Broken { get; private set; }

    /// <summary>What must be told, and what must be done.</summary>
    public (Disposition Told, Move Move) Judge(in Happening what, long now) => what.Kind switch
    {
        HappeningKind.Ring => JudgeRing(what, now),
        HappeningKind.CancelRequest => JudgeCancel(what),
        HappeningKind.WorkflowEnded => _now.IsClosed ? (Disposition.Ignored, Move.None) : (Disposition.Applied, Move.EndWithWorkflow),
        HappeningKind.Blackout => FallsInto(what) ? (Disposition.Applied, Move.GiveGrace) : (Disposition.Ignored, Move.None),
        _ => JudgeAnswer(what, now),
    };

    /// <summary>Makes the move; facts that must be written down are added.</summary>
    /// <param name="move">What <see cref="Judge"/> demanded.</param>
    /// <param name="what">What happened.</param>
    /// <param name="now">The instant of the turn.</param>
    /// <param name="seen">What the engine stored: only the dice of a back-off are taken from it, within their bounds.</param>
    /// <param name="facts">Takes what must be written down.</param>
    public void Make(Move move, in Happening what, long now, in ActivityImage seen, List<Fact> facts)
    {
        var attempt = _now.Attempt;
        var keepsDue = false;
        switch (move)
        {
            case Move.Start:
                Start(what.RunningFor, now, facts);
                break;
            case Move.Beat:
                keepsDue = Beat(what, now, facts);
                break;
            case Move.Complete:
                InferStart(now, facts);
                Close(Closing.Completed, facts, what.Hash);
                TakeResult(what, now, facts);
                break;
            case Move.TakeLateResult:
                TakeLateResult(what, now, facts);
                break;
            case Move.Fail:
                Fail(what, now, seen, facts);
                break;
            case Move.Stop:
                InferStart(now, facts);
                Close(Closing.Canceled, facts, what.Hash);
                End(Standing.Canceled, now, facts);
                break;
            case Move.Release:
                Release(what, now, facts);
                break;
            case Move.Rearm:
                SetDue(Next());
                keepsDue = true;
                break;
            case Move.Ring:
                Ring(now, seen, facts);
                break;
            case Move.AskToStop or Move.StopNow:
                Cancel(move, what, now, facts);
                break;
            case Move.EndWithWorkflow:
                EndWithWorkflow(what, now, facts);
                break;
            case Move.GiveGrace:
                _now.GraceUntil = what.Until + what.Grace;
                facts.Add(new Fact(FactKind.DeadlineMoved, 0));
                break;
        }

        if (!keepsDue)
        {
            Arm(attempt != _now.Attempt);
        }
    }
}
