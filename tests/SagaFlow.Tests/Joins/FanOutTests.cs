using SagaFlow.Contracts;

namespace SagaFlow.Tests.Joins;

/// <summary>Activities that are asked for together and joined.</summary>
public sealed class FanOutTests
{
    [Fact]
    [Trait("Req", "C15")]
    public async Task Every_member_is_waited_for_and_the_results_come_in_the_order_of_the_arguments()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(12));

        for (var number = 12; number >= 1; number--)
        {
            await scoring.ShouldBeInAsync(x => x.Score.Pending);
            Assert.Equal($"item-{number}", scoring.Activity($"Score-{number}").Arguments<ScoreArguments>().Item);
            await scoring.Activity($"Score-{number}").CompleteAsync(number * 10);
        }

        var report = await scoring.ShouldBeCompletedAsync<ScoreReport>();
        Assert.True(report.Succeeded);
        Assert.Equal(Enumerable.Range(1, 12).Select(x => x * 10), report.Results);
    }

    [Fact]
    [Trait("Req", "C15")]
    public async Task A_member_that_fails_or_times_out_is_reported_at_its_place_beside_the_others()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(3));

        await scoring.Activity("Score-1").FailAsync(ActivityFailure.NonRetryable("Unreadable", "No text"));
        await scoring.Activity("Score-3").CompleteAsync(30);
        await flow.AdvanceAsync(TimeSpan.FromHours(24));

        var report = await scoring.ShouldBeCompletedAsync<ScoreReport>();
        Assert.False(report.Succeeded);
        Assert.Equal([30], report.Results);
        Assert.Equal(["0 Score-1 Failed Unreadable", "1 Score-2 ScheduleToCloseTimeout ScheduleToCloseTimeout"], report.Failures);
    }

    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task The_first_results_join_and_the_losers_are_canceled_with_the_join()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(4, first: 2));
        var loser = scoring.Activity("Score-1");

        await scoring.Activity("Score-3").CompleteAsync(30);
        await scoring.ShouldBeInAsync(x => x.Score.Pending);
        await scoring.Activity("Score-2").CompleteAsync(20);
        var late = await loser.CompleteAsync(10);

        var report = await scoring.ShouldBeCompletedAsync<ScoreReport>();
        Assert.True(report.Succeeded);
        Assert.Equal([20, 30], report.Results);
        Assert.Equal(["Score-1", "Score-4"], report.Overtaken);
        Assert.Empty(report.Failures);
        Assert.Equal(Disposition.Canceled, late.Disposition);
        Assert.Empty(flow.Requests);
    }

    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task A_join_that_cannot_be_reached_any_more_is_over()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(3, first: 2));

        await scoring.Activity("Score-1").FailAsync(ActivityFailure.NonRetryable("Unreadable", "No text"));
        await scoring.ShouldBeInAsync(x => x.Score.Pending);
        await scoring.Activity("Score-2").FailAsync(ActivityFailure.NonRetryable("Unreadable", "No text"));

        var report = await scoring.ShouldBeCompletedAsync<ScoreReport>();
        Assert.False(report.Succeeded);
        Assert.Equal(["Score-3"], report.Overtaken);
    }

    [Fact]
    [Trait("Req", "C15")]
    public async Task Without_any_items_the_workflow_goes_on_at_once()
    {
        await using var flow = await ScoringHarness.StartAsync();

        var scoring = await flow.StartAsync(ScoringHarness.Ask(0));

        var report = await scoring.ShouldBeCompletedAsync<ScoreReport>();
        Assert.True(report.Succeeded);
        Assert.Empty(report.Results);
    }

    [Theory]
    [InlineData(0, 1, false)]
    [InlineData(1, 2, false)]
    [InlineData(2, 2, true)]
    public async Task A_join_of_more_results_than_there_are_activities_fails_the_workflow_by_name(int items, int first, bool accepted)
    {
        await using var flow = await ScoringHarness.StartAsync();

        var scoring = await flow.StartAsync(ScoringHarness.Ask(items, first));

        if (accepted)
        {
            await scoring.ShouldBeInAsync(x => x.Score.Pending);
            return;
        }

        Assert.StartsWith($"ExecuteEach of activity 'Score' waits for {first} results of {items} activities.", (await scoring.ShouldHaveFailedAsync()).Message, StringComparison.Ordinal);
        Assert.Empty(await scoring.ActivitiesAsync());
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task More_items_than_the_limit_fail_the_workflow_by_name(int items, bool accepted)
    {
        await using var flow = await ScoringHarness.StartAsync(members: 5);

        var scoring = await flow.StartAsync(ScoringHarness.Ask(items));

        if (accepted)
        {
            Assert.Equal(items, flow.Requests.Count);
            return;
        }

        Assert.StartsWith("ExecuteEach of activity 'Score' was given more than 5 arguments.", (await scoring.ShouldHaveFailedAsync()).Message, StringComparison.Ordinal);
        Assert.Empty(flow.Requests);
    }

    [Fact]
    [Trait("Req", "REL-R13")]
    public async Task An_answer_that_comes_twice_counts_once()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(2));

        var first = await scoring.Activity("Score-1").CompleteAsync(10);
        var repeat = await scoring.Activity("Score-1").CompleteAsync(10);
        var other = await scoring.Activity("Score-1").CompleteAsync(11);

        Assert.Equal([Disposition.Applied, Disposition.Duplicate, Disposition.DuplicateConflict], [first.Disposition, repeat.Disposition, other.Disposition]);
        await scoring.ShouldBeInAsync(x => x.Score.Pending);
    }

    [Fact]
    public async Task Members_of_a_workflow_that_ended_close_with_it_and_nothing_is_joined()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(2));
        await scoring.Activity("Score-1").CompleteAsync(10);

        await flow.PublishAsync(new Withdrawn(scoring.Id));
        var late = await scoring.Activity("Score-2").CompleteAsync(20);

        Assert.Equal("withdrawn", (await scoring.ShouldHaveFailedAsync()).Message);
        Assert.Equal(Disposition.WorkflowClosed, late.Disposition);
        Assert.DoesNotContain(await scoring.HistoryAsync(), x => x.Kind == "GroupJoined");
        await flow.RestartAsync();
        Assert.DoesNotContain(await scoring.HistoryAsync(), x => x.Kind == "GroupJoined");
    }
}
