using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>The four timeouts and the retries, as an author sees them.</summary>
public sealed class ActivityTimeoutTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    [Trait("Req", "T4")]
    [Trait("Req", "T5")]
    public async Task Start_to_close_ends_an_attempt_and_the_next_has_a_clock_of_its_own()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, StartToCloseSeconds = 60 });
        await flow.AdvanceAsync(60 * Second);
        await review.Activity("Review").StartedAsync();

        await flow.AdvanceAsync(60 * Second - Tick);
        var before = await CurrentAsync(review);
        await flow.AdvanceAsync(Tick);
        var backingOff = await CurrentAsync(review);
        await flow.AdvanceAsync(Second);
        await review.Activity("Review").StartedAsync();
        await flow.AdvanceAsync(60 * Second - Tick);
        var second = await CurrentAsync(review);
        await flow.AdvanceAsync(Tick);

        Assert.Equal((1, "Started"), before);
        Assert.Equal((1, "BackingOff"), backingOff);
        Assert.Equal((2, "Started"), second);
        Assert.Equal((2, "BackingOff"), await CurrentAsync(review));
    }

    [Fact]
    [Trait("Req", "T10")]
    [Trait("Req", "T18")]
    public async Task Schedule_to_close_spans_all_attempts_and_no_attempt_follows()
    {
        await using var flow = await StartAsync();
        var mock = flow.OnActivity(x => x.Review).IsPending().Always();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, StartToCloseSeconds = 10, ScheduleToCloseSeconds = 25 });

        await flow.AdvanceAsync(25 * Second - Tick);
        await review.ShouldBeInAsync(x => x.Review.Pending);
        await flow.AdvanceAsync(Tick);
        await review.ShouldBeInAsync(x => x.Escalated);
        await flow.AdvanceAsync(TimeSpan.FromDays(1));

        Assert.Equal(TimeoutType.ScheduleToClose, review.Instance.TimedOutBy);
        Assert.Equal(3, mock.Calls.Count);
    }

    [Theory]
    [Trait("Req", "T12")]
    [Trait("Req", "T13")]
    [Trait("Req", "T14")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task Schedule_to_start_is_final_and_is_told_by_its_kind(int ticks, bool passed)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { ScheduleToStartSeconds = 90 });

        await flow.AdvanceAsync(90 * Second + TimeSpan.FromTicks(ticks));

        Assert.Equal(passed ? TimeoutType.ScheduleToStart : null, review.Instance.TimedOutBy);
        Assert.Equal(1, (await review.ActivitiesAsync())[0].Attempt);
    }

    [Fact]
    [Trait("Req", "E8")]
    [Trait("Req", "E10")]
    [Trait("Req", "T6")]
    [Trait("Req", "E9")]
    public async Task A_heartbeat_that_never_comes_ends_the_attempt_one_window_after_its_start()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { HeartbeatSeconds = 60, MaximumAttempts = 1 });
        await flow.AdvanceAsync(300 * Second);
        await review.Activity("Review").StartedAsync();

        await flow.AdvanceAsync(60 * Second - Tick);
        await review.ShouldBeInAsync(x => x.Review.Pending);
        await flow.AdvanceAsync(Tick);

        Assert.Equal(TimeoutType.Heartbeat, review.Instance.TimedOutBy);
    }

    [Fact]
    [Trait("Req", "E11")]
    [Trait("Req", "T19")]
    [Trait("Req", "M12")]
    public async Task Heartbeats_of_anyone_with_the_token_keep_an_activity_alive_for_hours()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { HeartbeatSeconds = 60 });
        var outside = review.Activity("Review").Token;
        await review.Activity("Review").StartedAsync();

        for (var minute = 0; minute < 120; minute++)
        {
            await flow.AdvanceAsync(59 * Second);
            await flow.AnswerAsync($$"""{"kind":"heartbeat","taskToken":"{{outside}}"}""");
        }

        Assert.Equal((1, "Started"), await CurrentAsync(review));
        await flow.AdvanceAsync(60 * Second);
        Assert.Equal((1, "BackingOff"), await CurrentAsync(review));
    }

    [Fact]
    [Trait("Req", "T1")]
    [Trait("Req", "T17")]
    public async Task Without_a_policy_attempts_double_their_distance_up_to_a_hundred_seconds()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.Review).Fails("Busy", "later").Always();
        var review = await flow.StartAsync(new ReviewAsked("d"));

        await flow.AdvanceAsync(400 * Second);

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 100, 100], await WaitsAsync(review));
    }

    [Fact]
    [Trait("Req", "T18")]
    [Trait("Req", "T22")]
    [Trait("Req", "E6")]
    public async Task The_call_s_options_override_those_of_the_definition()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.Review).Fails("Busy", "later").Always();

        var review = await flow.StartAsync(new ReviewAsked("d")
        {
            MaximumAttempts = 4, InitialIntervalSeconds = 2, BackoffCoefficient = 3, MaximumIntervalSeconds = 10,
        });
        await flow.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([2, 6, 10], await WaitsAsync(review));
        Assert.Equal("Busy", (await review.ShouldHaveFailedAsync()).Type);
        var other = await flow.StartAsync(new ReviewAsked("e"));
        Assert.Equal(TimeSpan.FromHours(5), other.Activity("Review").Request.ScheduleToCloseDeadline - flow.Now);
    }

    [Fact]
    [Trait("Req", "T3")]
    public async Task An_activity_is_scheduled_then_started_then_closed_with_its_result()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));
        var scheduled = await CurrentAsync(review);
        await review.Activity("Review").StartedAsync();
        var started = await CurrentAsync(review);

        await review.Activity("Review").CompleteAsync(new Verdict("fine"));

        Assert.Equal((1, "Scheduled"), scheduled);
        Assert.Equal((1, "Started"), started);
        Assert.Equal((1, "Completed"), await CurrentAsync(review));
        Assert.Equal(new Verdict("fine"), await review.ShouldBeCompletedAsync<Verdict>());
        Assert.Equal(
            ["WorkflowStarted", "ActivityScheduled", "AttemptStarted", "ActivityCompleted", "WorkflowCompleted"],
            (await review.HistoryAsync()).Select(x => x.Kind));
    }

    [Fact]
    [Trait("Req", "E5")]
    public async Task An_activity_without_any_deadline_waits_for_as_long_as_its_token_lives()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, NoDeadlineBecause = "The court decides when it decides" });

        await flow.AdvanceAsync(TimeSpan.FromDays(364));
        await review.ShouldBeInAsync(x => x.Review.Pending);
        await review.Activity("Review").CompleteAsync(new Verdict("granted"));

        Assert.Equal(new Verdict("granted"), await review.ShouldBeCompletedAsync<Verdict>());
    }

    [Fact]
    [Trait("Req", "M22")]
    public async Task An_attempt_counts_when_it_is_handed_out_so_that_a_crash_of_its_worker_spends_it()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.Review).IsPending().Always();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true, StartToCloseSeconds = 10, MaximumAttempts = 2 });

        await flow.AdvanceAsync(TimeSpan.FromMinutes(1));

        await review.ShouldBeInAsync(x => x.Escalated);
        Assert.Equal(2, (await review.ActivitiesAsync())[0].Attempt);
        Assert.Equal(TimeoutType.StartToClose, review.Instance.TimedOutBy);
    }

    [Fact]
    public async Task A_released_attempt_is_handed_out_again_at_once_and_spends_none()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { MaximumAttempts = 1 });

        await review.Activity("Review").ReleasedAsync(checkpoint: 41);

        Assert.Equal((2, "Scheduled"), await CurrentAsync(review));
        Assert.Equal(41, review.Activity("Review").Request.Checkpoint!.Value.GetInt32());
        Assert.Equal(flow.Now, review.Activity("Review").Request.ScheduledAt);
    }

    private static async Task<IEnumerable<double>> WaitsAsync(WorkflowHandle<ReviewWorkflow, ReviewInstance> review)
    {
        var history = await review.HistoryAsync();
        var at = history.Where(x => x.Kind is "ActivityScheduled" or "AttemptScheduled").Select(x => x.At).ToList();
        return at.Zip(at.Skip(1), (first, second) => (second - first).TotalSeconds);
    }

    private static async Task<(int Attempt, string Status)> CurrentAsync(WorkflowHandle<ReviewWorkflow, ReviewInstance> review)
    {
        var activity = (await review.ActivitiesAsync())[^1];
        return (activity.Attempt, activity.Status);
    }

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
}
