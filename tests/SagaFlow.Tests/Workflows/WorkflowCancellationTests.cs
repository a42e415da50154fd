using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>A workflow that somebody cancels from outside.</summary>
public sealed class WorkflowCancellationTests
{
    [Fact]
    [Trait("Req", "REL-I19")]
    public async Task A_canceled_workflow_ends_with_its_activities_and_keeps_the_reason()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await survey.Activity("Survey").HeartbeatAsync(1);

        var receipt = await survey.CancelAsync("the site was sold");

        Assert.Equal(new Receipt(Disposition.Applied, WorkflowId: survey.Id), receipt);
        Assert.Equal(("Canceled", "the site was sold"), Named(await survey.ShouldHaveEndedAsync(WorkflowStatus.Canceled)));
        Assert.Equal(["Canceled", "Canceled"], (await survey.ActivitiesAsync()).Select(x => x.Status));
        Assert.Equal("""{"reason":"the site was sold"}""", (await survey.HistoryAsync()).Single(x => x.Kind == "WorkflowCanceled").Data?.GetRawText());
        Assert.Empty(flow.Requests);
    }

    [Theory]
    [Trait("Req", "D16")]
    [InlineData("scheduled")]
    [InlineData("started")]
    [InlineData("backing off")]
    public async Task The_history_closes_each_activity_that_ends_with_a_canceled_workflow(string activity)
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await (activity switch
        {
            "started" => survey.Activity("Survey").StartedAsync(),
            "backing off" => survey.Activity("Survey").FailAsync("Busy", "later"),
            _ => Task.CompletedTask,
        });

        await survey.CancelAsync("the site was sold");

        Assert.Equal(["WorkflowCanceled", "ActivityCanceled"], (await survey.HistoryAsync()).TakeLast(2).Select(x => x.Kind));
    }

    [Fact]
    [Trait("Req", "REL-I12")]
    public async Task Its_history_says_how_each_of_its_activities_ended()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await survey.Activity("Survey").HeartbeatAsync(1);

        await survey.CancelAsync();

        var ended = (await survey.HistoryAsync()).Where(x => x.Kind == "ActivityCanceled").Select(x => x.ActivityId);
        Assert.Equal((await survey.ActivitiesAsync()).Select(x => x.Id), ended);
    }

    [Fact]
    [Trait("Req", "E19")]
    public async Task Whoever_still_works_for_it_is_told_so()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await survey.Activity("Survey").StartedAsync();
        await survey.CancelAsync();

        var heartbeat = await survey.Activity("Survey").HeartbeatAsync();
        var result = await survey.Activity("Survey").CompleteAsync("two trees");

        Assert.Equal((Disposition.ActivityClosed, true), (heartbeat.Disposition, heartbeat.CancelRequested));
        Assert.Equal(Disposition.Canceled, result.Disposition);
    }

    [Fact]
    public async Task A_second_cancellation_is_a_duplicate()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await survey.CancelAsync("first");

        var receipt = await survey.CancelAsync("second");

        Assert.Equal(Disposition.Duplicate, receipt.Disposition);
        Assert.Equal("first", (await survey.ShouldHaveEndedAsync(WorkflowStatus.Canceled)).Message);
    }

    [Fact]
    [Trait("Req", "REL-I1")]
    [Trait("Req", "REL-R12")]
    public async Task A_workflow_that_has_ended_is_not_canceled()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await survey.Activity("Survey").CompleteAsync("two trees");

        var receipt = await survey.CancelAsync();

        Assert.Equal(Disposition.WorkflowClosed, receipt.Disposition);
        Assert.Equal("two trees", await survey.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    public async Task An_unknown_workflow_is_named_as_such()
    {
        await using var flow = await StartAsync();

        var receipt = await flow.Workflow("never asked for").CancelAsync();

        Assert.Equal(Disposition.UnknownWorkflow, receipt.Disposition);
    }

    [Fact]
    public async Task A_canceled_workflow_stays_canceled_over_a_restart_and_asks_nobody_again()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(new SurveyAsked("site-1"));
        await survey.CancelAsync();

        await flow.RestartAsync(TimeSpan.FromHours(6));
        await flow.AdvanceAsync(TimeSpan.FromHours(1));

        await survey.ShouldHaveEndedAsync(WorkflowStatus.Canceled);
        Assert.Empty(flow.Requests);
    }

    private static (string, string) Named(ActivityFailure failure) => (failure.Type, failure.Message);

    private static Task<SagaFlowHarness<SurveyWorkflow, SurveyInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<SurveyWorkflow, SurveyInstance>());
}
