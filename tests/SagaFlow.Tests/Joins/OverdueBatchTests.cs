using MassTransit;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

/// <summary>A group whose members' instant has passed when it is scheduled.</summary>
public sealed class OverdueBatchTests
{
    [Fact]
    public async Task A_group_that_is_overdue_when_it_is_scheduled_is_joined_at_once_without_a_request()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OverdueBatchWorkflow, OverdueBatchInstance>());

        var batch = await flow.StartAsync(new ScoresAsked("late", ["a", "b"]));

        var report = await batch.ShouldBeCompletedAsync<ScoreReport>();
        Assert.False(report.Succeeded);
        Assert.Equal(
            ["0 Score-1 ScheduleToCloseTimeout ScheduleToCloseTimeout", "1 Score-2 ScheduleToCloseTimeout ScheduleToCloseTimeout"], report.Failures);
        Assert.Empty(flow.Requests);
    }
}

public sealed class OverdueBatchWorkflow : WorkflowStateMachine<OverdueBatchInstance>
{
    public OverdueBatchWorkflow()
    {
        StartedBy(() => ScoresAsked, x => x.BusinessKey(m => m.Key));
        Activity(() => Score, a => a.StartToCloseTimeout = TimeSpan.FromMinutes(5));

        Initially(When(ScoresAsked)
            .ExecuteEach(
                Score,
                x => x.Message.Items.Select(item => new ScoreArguments(item)),
                (x, each) => each.ScheduleToCloseAt = x.Now())
            .TransitionTo(Score.Pending));

        During(Score.Pending, When(Score.Joined).Complete(x => ScoreReport.Of(x.Message)));
    }

    public Event<ScoresAsked> ScoresAsked { get; private set; } = null!;

    public Activity<ScoreArguments, int> Score { get; private set; } = null!;
}

public sealed class OverdueBatchInstance : WorkflowInstance;
