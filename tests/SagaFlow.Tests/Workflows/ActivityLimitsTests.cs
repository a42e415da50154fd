using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

public sealed class ActivityLimitsTests
{
    private static readonly LetterPosted Letter = new("L-1");

    [Fact]
    [Trait("Req", "T14")]
    [Trait("Req", "T12")]
    [Trait("Req", "T13")]
    public async Task A_workflow_sends_an_activity_that_nobody_started_to_another_queue()
    {
        await using var flow = await StartAsync();
        var letter = await flow.StartAsync(Letter);

        await flow.AdvanceAsync(TimeSpan.FromMinutes(5));
        var late = await letter.Activity("Deliver-1").StartedAsync();
        await letter.Activity("Deliver-2").CompleteAsync("signed by Ann");

        Assert.Equal(Disposition.ActivityClosed, late.Disposition);
        Assert.Equal(["couriers", "backup-couriers"], (await letter.ActivitiesAsync()).Where(x => x.Name == "Deliver").Select(x => x.TaskQueue));
        Assert.Equal("signed by Ann", await letter.ShouldBeCompletedAsync<string>());
        Assert.Equal(1, letter.Instance.Rerouted);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [Trait("Req", "E7")]
    public async Task An_activity_times_out_at_the_instant_that_it_was_given(int ticks, bool open)
    {
        await using var flow = await StartAsync();
        var letter = await flow.StartAsync(Letter with { DeliverBy = flow.Now.AddMinutes(3) });

        await flow.AdvanceAsync(TimeSpan.FromMinutes(3) + TimeSpan.FromTicks(ticks));

        Assert.Equal(open ? "Running" : "Failed", (await letter.DescribeAsync()).Status);
    }

    [Fact]
    [Trait("Req", "E7")]
    public async Task An_activity_whose_instant_has_passed_times_out_before_a_request_leaves()
    {
        await using var flow = await StartAsync();

        var letter = await flow.StartAsync(Letter with { DeliverBy = flow.Now });

        Assert.Equal("Nobody delivered it", (await letter.ShouldHaveFailedAsync()).Message);
        Assert.DoesNotContain(flow.Desk.ReceivedOf(letter.Id), x => x.Activity == "Deliver");
    }

    [Fact]
    [Trait("Req", "E7")]
    public async Task An_activity_ends_in_the_turn_in_which_the_other_one_ends()
    {
        await using var flow = await StartAsync();
        var letter = await flow.StartAsync(Letter);

        await letter.Activity("Deliver").CompleteAsync("signed by Ann");
        var late = await letter.Activity("Track").CompleteAsync("at the door");

        Assert.Equal("signed by Ann", await letter.ShouldBeCompletedAsync<string>());
        Assert.Equal("Canceled", (await letter.ActivitiesAsync()).Single(x => x.Name == "Track").Status);
        Assert.Equal(Disposition.Canceled, late.Disposition);
        var history = (await letter.HistoryAsync()).Where(x => x.At == flow.Now).Select(x => x.Kind).ToList();
        Assert.True(history.IndexOf("ActivityCompleted") < history.IndexOf("ActivityCanceled"));
    }

    [Fact]
    [Trait("Req", "E7")]
    public async Task An_activity_that_has_ended_already_is_left_as_it_is()
    {
        await using var flow = await StartAsync();
        var letter = await flow.StartAsync(Letter);
        var tracked = await letter.Activity("Track").CompleteAsync("lost from sight");

        await letter.Activity("Deliver").CompleteAsync("signed by Ann");

        Assert.Equal(Disposition.Applied, tracked.Disposition);
        Assert.Equal("Completed", (await letter.ActivitiesAsync()).Single(x => x.Name == "Track").Status);
    }

    [Fact]
    [Trait("Req", "P3")]
    public async Task A_late_result_completes_the_activity_where_the_policy_accepts_it()
    {
        await using var flow = await StartAsync();
        var letter = await flow.StartAsync(Letter with { LateAttempts = LateAttemptPolicy.Accept, StartToCloseSeconds = 30 });
        await letter.Activity("Deliver").StartedAsync();
        await flow.AdvanceAsync(TimeSpan.FromSeconds(30) + TimeSpan.FromMinutes(1));
        await letter.Activity("Deliver").Attempt(2).StartedAsync();

        var late = await letter.Activity("Deliver").Attempt(1).CompleteAsync("signed by Ann");
        var newer = await letter.Activity("Deliver").Attempt(2).HeartbeatAsync();

        Assert.Equal((Disposition.Applied, Disposition.ActivityClosed, true), (late.Disposition, newer.Disposition, newer.CancelRequested));
        Assert.Equal("signed by Ann", await letter.ShouldBeCompletedAsync<string>());
        Assert.Contains(await letter.HistoryAsync(), x => x is { Kind: "LateResultTaken", Attempt: 1 });
    }

    [Fact]
    [Trait("Req", "E16")]
    [Trait("Req", "E24")]
    public async Task One_token_serves_every_attempt_and_a_failure_that_is_delivered_twice_fails_one()
    {
        await using var flow = await StartAsync();
        var letter = await flow.StartAsync(Letter with { ActivityScope = true });
        var failure = new ActivityFailure("NobodyAtHome", "The bell was not answered");
        var first = letter.Activity("Deliver").Token;

        var failed = await letter.Activity("Deliver").FailAsync(failure);
        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));
        var repeated = await letter.Activity("Deliver").FailAsync(failure);
        var completed = await letter.Activity("Deliver").CompleteAsync("signed by Ann");

        Assert.Equal((Disposition.Applied, Disposition.Duplicate, Disposition.Applied), (failed.Disposition, repeated.Disposition, completed.Disposition));
        Assert.Equal((first, 2), (letter.Activity("Deliver").Token, repeated.CurrentAttempt));
        Assert.Equal("signed by Ann", await letter.ShouldBeCompletedAsync<string>());
    }

    [Fact]
    [Trait("Req", "E16")]
    public async Task The_same_failure_of_two_attempts_counts_twice_when_each_has_an_id_of_its_own()
    {
        await using var flow = await StartAsync();
        var deliver = flow.OnActivity(x => x.Deliver).Fails("NobodyAtHome", "Again").Fails("NobodyAtHome", "Again").Returns("signed by Ann");

        var letter = await flow.StartAsync(Letter with { ActivityScope = true });
        await flow.AdvanceAsync(TimeSpan.FromMinutes(4));

        Assert.Equal(3, deliver.Calls.Count);
        Assert.Equal("signed by Ann", await letter.ShouldBeCompletedAsync<string>());
    }

    private static Task<SagaFlowHarness<CourierWorkflow, CourierInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<CourierWorkflow, CourierInstance>());
}
