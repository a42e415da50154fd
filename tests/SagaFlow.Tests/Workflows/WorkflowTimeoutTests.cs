using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>A workflow with a timeout of its own.</summary>
public sealed class WorkflowTimeoutTests
{
    private static readonly SurveyAsked Asked = new("site-1") { NoHeartbeat = true, LimitSeconds = 600 };

    [Theory]
    [Trait("Req", "T21")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task It_ends_at_its_own_deadline_whatever_its_activities_may_take(int ticksAround, bool ended)
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();

        await flow.AdvanceAsync(TimeSpan.FromMinutes(10) + TimeSpan.FromTicks(ticksAround));

        Assert.Equal(ended ? "TimedOut" : "Running", (await survey.DescribeAsync()).Status);
    }

    [Fact]
    [Trait("Req", "T21")]
    public async Task Its_activities_close_with_it_and_the_history_says_why()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();

        await flow.AdvanceToNextDeadlineAsync();

        var failure = await survey.ShouldHaveEndedAsync(WorkflowStatus.TimedOut);
        Assert.Equal(("WorkflowTimeout", "The workflow timed out in state 'Survey.Pending', 00:10:00 after its start"), (failure.Type, failure.Message));
        Assert.Equal(Disposition.WorkflowClosed, (await survey.Activity("Survey").CompleteAsync("too late")).Disposition);
        Assert.Equal((1, 1), await CountAsync(survey, "WorkflowTimedOut", "ActivityCanceled"));
    }

    [Fact]
    public async Task A_workflow_that_ended_in_time_never_times_out()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").CompleteAsync("two trees");

        await flow.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("two trees", await survey.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    public async Task Without_a_limit_it_takes_as_long_as_its_activities()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked with { LimitSeconds = null });

        await flow.AdvanceAsync(TimeSpan.FromHours(4));

        var description = await survey.DescribeAsync();
        Assert.Equal(("Running", null), (description.Status, description.DeadlineAt));
    }

    [Fact]
    [Trait("Req", "P11")]
    public async Task A_deadline_that_passes_while_no_engine_is_alive_rings_after_a_grace_for_answers_on_their_way()
    {
        await using var flow = await StartAsync();
        var late = await flow.StartAsync(Asked);
        var lucky = await flow.StartAsync(Asked with { Site = "site-2" });

        await flow.RestartAsync(TimeSpan.FromHours(1));
        var answer = await lucky.Activity("Survey").CompleteAsync("two trees");
        await flow.AdvanceAsync(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        var before = (await late.DescribeAsync()).Status;
        await flow.AdvanceAsync(TimeSpan.FromTicks(1));

        Assert.Equal((Disposition.Applied, "Running"), (answer.Disposition, before));
        await late.ShouldHaveEndedAsync(WorkflowStatus.TimedOut);
        Assert.Equal("two trees", await lucky.ShouldBeCompletedAsync<string>());
    }

    [Theory]
    [Trait("Req", "REL-K4")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10.0 * 365 * 24 * 3600 + 1)]
    public async Task A_time_that_makes_no_sense_refuses_the_start(double seconds)
    {
        await using var flow = await StartAsync();

        var refusal = await Assert.ThrowsAsync<HarnessAssertionException>(() => flow.StartAsync(Asked with { LimitSeconds = seconds }));

        Assert.Contains("Malformed", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'SurveyAsked' is not above zero and at most 3650 days", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(10.0 * 365 * 24 * 3600)]
    public async Task The_shortest_and_the_longest_time_are_taken(double seconds)
    {
        await using var flow = await StartAsync();

        var survey = await flow.StartAsync(Asked with { LimitSeconds = seconds });

        Assert.Equal(flow.Now.AddSeconds(seconds), (await survey.DescribeAsync()).DeadlineAt);
    }

    private static async Task<(int, int)> CountAsync(WorkflowHandle<SurveyWorkflow, SurveyInstance> survey, string first, string second)
    {
        var kinds = (await survey.HistoryAsync()).Select(x => x.Kind).ToList();
        return (kinds.Count(x => x == first), kinds.Count(x => x == second));
    }

    private static Task<SagaFlowHarness<SurveyWorkflow, SurveyInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<SurveyWorkflow, SurveyInstance>());
}
