using MassTransit;

namespace SagaFlow.Tests.Joins;

/// <summary>Has items scored in parallel, and tells how they were joined.</summary>
public sealed class ScoringWorkflow : WorkflowStateMachine<ScoringInstance>
{
    public ScoringWorkflow()
    {
        StartedBy(() => ScoresAsked, x => x.BusinessKey(m => m.Key));
        Event(() => Withdrawn, x => x.CorrelateById(m => m.Message.WorkflowId));

        #region fan-out
        Activity(() => Score, a => a.StartToCloseTimeout = TimeSpan.FromMinutes(5));

        Initially(When(ScoresAsked)
            .ExecuteEach(
                Score,
                x => x.Message.Items.Select(item => new ScoreArguments(item)),
                (x, each) => each.Join = x.Message.First is { } count ? Join.First(count) : Join.All)
            .TransitionTo(Score.Pending));

        During(Score.Pending,
            When(Score.Joined).Complete(x => ScoreReport.Of(x.Message)));
        #endregion

        During(Score.Pending, When(Withdrawn).Fail(_ => "withdrawn"));
    }

    public Event<ScoresAsked> ScoresAsked { get; private set; } = null!;

    public Event<Withdrawn> Withdrawn { get; private set; } = null!;

    public Activity<ScoreArguments, int> Score { get; private set; } = null!;
}

public sealed class ScoringInstance : WorkflowInstance;

public sealed record ScoresAsked(string Key, IReadOnlyList<string> Items, int? First = null);

public sealed record Withdrawn(Guid WorkflowId);

public sealed record ScoreArguments(string Item);

public sealed record ScoreReport(bool Succeeded, IReadOnlyList<int> Results, IReadOnlyList<string> Failures, IReadOnlyList<string> Overtaken)
{
    public static ScoreReport Of(JoinedActivities<int> joined) => new(
        joined.Succeeded,
        joined.Results,
        [.. joined.Failures.Select(x => $"{x.Index} {x.ActivityId} {x.Reason} {x.Failure!.Type}")],
        [.. joined.Members.Where(x => x.Outcome == MemberOutcome.Overtaken).Select(x => x.ActivityId)]);
}
