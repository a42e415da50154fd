using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Testing;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Workflows;

/// <summary>A workflow that takes an activity back.</summary>
public sealed class ActivityCancellationTests
{
    private static readonly SurveyAsked Asked = new("site-1");

    [Theory]
    [Trait("Req", "T20")]
    [InlineData("try")]
    [InlineData("abandon")]
    public async Task Without_waiting_the_workflow_goes_on_in_the_same_step(string how)
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();

        await flow.PublishAsync(new SurveyRecalled(survey.Id, how));

        Assert.Equal("recalled", await survey.ShouldBeCompletedAsync<string>());
        Assert.Equal(Disposition.Canceled, (await survey.Activity("Survey").CompleteAsync("too late")).Disposition);
    }

    [Fact]
    [Trait("Req", "T20")]
    [Trait("Req", "E19")]
    [Trait("Req", "E20")]
    public async Task Waiting_leaves_the_answer_to_the_holder_who_learns_of_it_from_his_heartbeat()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        var holder = survey.Activity("Survey");
        var before = await holder.HeartbeatAsync();

        await flow.PublishAsync(new SurveyRecalled(survey.Id, "wait"));
        await survey.ShouldBeInAsync(x => x.Recalled);
        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));
        var after = await holder.HeartbeatAsync();
        var stopped = await holder.CanceledAsync();

        Assert.Equal((false, true), (before.CancelRequested, after.CancelRequested));
        Assert.Equal((Disposition.Applied, Disposition.Applied), (after.Disposition, stopped.Disposition));
        Assert.Equal("recalled", await survey.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    [Trait("Req", "T20")]
    [Trait("Req", "REL-R12")]
    public async Task Waiting_takes_a_result_that_comes_all_the_same()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();
        await flow.PublishAsync(new SurveyRecalled(survey.Id, "wait"));

        await survey.Activity("Survey").CompleteAsync("two trees");

        Assert.Equal("two trees", await survey.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    [Trait("Req", "REL-I19")]
    public async Task Waiting_for_a_holder_who_never_answers_ends_with_his_deadline_and_without_another_attempt()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);
        await survey.Activity("Survey").StartedAsync();
        await flow.PublishAsync(new SurveyRecalled(survey.Id, "wait"));

        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("recalled", await survey.ShouldBeCompletedAsync<string>());
        Assert.Equal(1, (await survey.ActivitiesAsync())[0].Attempt);
    }

    [Fact]
    public async Task An_activity_that_is_asked_for_again_in_the_same_step_is_not_the_one_that_is_canceled()
    {
        await using var flow = await StartAsync();
        var survey = await flow.StartAsync(Asked);

        await flow.PublishAsync(new SurveyRepeated(survey.Id));

        Assert.Equal(["Survey-1"], survey.Instance.Canceled);
        Assert.Equal(["Canceled", "Scheduled"], (await survey.ActivitiesAsync()).Select(x => x.Status));
    }

    [Fact]
    public async Task Of_several_open_activities_of_a_name_the_latest_is_canceled()
    {
        await using var flow = await StartAsync();
        var survey = await WithReportsAsync(flow, 2);

        await flow.PublishAsync(new SurveyRecalled(survey.Id, "report"));

        Assert.Equal(["Report-2"], survey.Instance.Canceled);
    }

    [Fact]
    public async Task The_latest_that_is_open_counts_not_the_latest_of_all()
    {
        await using var flow = await StartAsync();
        var survey = await WithReportsAsync(flow, 2);
        await survey.Activity("Report-2").CompleteAsync("ok");

        await flow.PublishAsync(new SurveyRecalled(survey.Id, "report"));

        Assert.Equal(["Report-1"], survey.Instance.Canceled);
    }

    [Theory]
    [Trait("Req", "REL-R12")]
    [InlineData("Report-1", "Report-1")]
    [InlineData("Report-2", "")]
    [InlineData("Report-9", "")]
    [InlineData("nonsense", "")]
    public async Task An_activity_is_canceled_by_its_id_and_one_that_is_closed_or_unknown_stays_as_it_is(string id, string canceled)
    {
        await using var flow = await StartAsync();
        var survey = await WithReportsAsync(flow, 2);
        await survey.Activity("Report-2").CompleteAsync("ok");

        await flow.PublishAsync(new SurveyRecalled(survey.Id, "not", id));

        Assert.Equal(canceled, string.Join(",", survey.Instance.Canceled));
        await survey.ShouldBeInAsync(x => x.Recalled);
    }

    [Fact]
    [Trait("Req", "M4")]
    [Trait("Req", "P6")]
    public async Task A_handler_is_told_at_once_although_it_sends_no_heartbeat()
    {
        var field = new Field();
        await using var flow = await StartAsync(field);
        var survey = await flow.StartAsync(Asked with { NoHeartbeat = true });
        await flow.AdvanceAsync(TimeSpan.FromMinutes(10));
        var recalledAt = flow.Now;

        await flow.PublishAsync(new SurveyRecalled(survey.Id, "wait"));

        Assert.Equal([(true, recalledAt)], field.Stopped);
        Assert.Equal("recalled", await survey.ShouldBeCompletedAsync<string>());
        Assert.Contains("it rains", (await survey.HistoryAsync()).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_whose_activity_is_abandoned_hears_nothing()
    {
        var field = new Field();
        await using var flow = await StartAsync(field);
        var survey = await flow.StartAsync(Asked with { NoHeartbeat = true });

        await flow.PublishAsync(new SurveyRecalled(survey.Id, "abandon"));
        await flow.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Empty(field.Stopped);
    }

    private static async Task<WorkflowHandle<SurveyWorkflow, SurveyInstance>> WithReportsAsync(
        SagaFlowHarness<SurveyWorkflow, SurveyInstance> flow, int count)
    {
        var survey = await flow.StartAsync(Asked);
        for (var i = 1; i <= count; i++)
        {
            await survey.Activity("Survey").HeartbeatAsync(i);
        }

        return survey;
    }

    private static Task<SagaFlowHarness<SurveyWorkflow, SurveyInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<SurveyWorkflow, SurveyInstance>());

    private static Task<SagaFlowHarness<SurveyWorkflow, SurveyInstance>> StartAsync(Field field) =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<SurveyWorkflow, SurveyInstance>()
            .AddHandler<SurveyHandler>(taskQueue: "field")
            .ConfigureServices(services => services.AddSingleton(field)));

    private sealed class Field
    {
        public List<(bool CancelRequested, DateTimeOffset At)> Stopped { get; } = [];
    }

    private sealed class SurveyHandler(Field field, TimeProvider clock) : IActivityHandler<string, string>
    {
        public async Task<ActivityOutcome<string>> HandleAsync(ActivityExecutionContext<string> context, CancellationToken cancellationToken)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromHours(5), clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                await new TaskCompletionSource().Task.WaitAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                field.Stopped.Add((context.CancelRequested, clock.GetUtcNow()));
                throw;
            }

            return ActivityOutcome.Pending;
        }
    }
}
