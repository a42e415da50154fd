using SagaFlow.Activities;

namespace SagaFlow.Tests.Activities.Matrix;

/// <summary>One state and one event, decided by the core.</summary>
internal sealed record MatrixCell(MatrixState State, MatrixEvent Event, ActivityState Before, Decision Decision)
{
    public static IEnumerable<MatrixCell> All =>
        from state in MatrixStates.All
        from @event in MatrixEvent.For(state.Standing)
        select Decide(state, @event);

    /// <summary>The line that a person reviews: the event, what its sender is told, where the activity stands, and what else happens.</summary>
    public string Line
    {
        get
        {
            var told = $"{Decision.Disposition}{(Decision.CancelRequested ? ", stop" : "")}";
            var stands = ReferenceEquals(Before, Decision.State) ? "(unchanged)" : $"{Decision.State.Status} {Decision.State.Attempt}";
            return $"{Event.Name,-46} {told,-22} {stands,-14} {string.Join(", ", Decision.Effects.Select(Short))}".TrimEnd();
        }
    }

    private static MatrixCell Decide(MatrixState state, MatrixEvent @event)
    {
        var activity = state.Reach();
        var before = activity.State;
        @event.HappenTo(activity);
        return new MatrixCell(state, @event, before, activity.Decision);
    }

    private static string Short(ActivityEffect effect) => effect switch
    {
        ActivityEffect.RequestAttempt x => $"RequestAttempt({x.Attempt})",
        ActivityEffect.AttemptStarted x => $"AttemptStarted({x.Attempt}{(x.Inferred ? ", inferred" : "")})",
        ActivityEffect.AttemptClosed x => $"AttemptClosed({x.Attempt}, {x.How}{(x.Timeout is { } by ? $" by {by}" : "")}{(x.RetryAt is null ? "" : ", retried")})",
        ActivityEffect.HeartbeatTaken x => $"HeartbeatTaken({x.Attempt})",
        ActivityEffect.LateResultTaken x => $"LateResultTaken({x.Attempt})",
        ActivityEffect.PushCancel x => $"PushCancel({x.Attempt})",
        ActivityEffect.ClosedWithWorkflow x => $"ClosedWithWorkflow({x.Attempt})",
        ActivityEffect.ActivityEnded x => $"ActivityEnded({x.Status})",
        _ => effect.GetType().Name,
    };
}
