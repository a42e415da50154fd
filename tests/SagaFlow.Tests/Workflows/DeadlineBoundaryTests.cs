using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>Every deadline of an activity, one tick before it, at it and one tick after it, and what an answer is told then.</summary>
public sealed class DeadlineBoundaryTests
{
    private static readonly ReviewAsked Asked = new("d") { NoHeartbeat = true, MaximumAttempts = 1 };

    /// <summary>The deadline, how many seconds after the start it is, and what has passed at it.</summary>
    public static TheoryData<string, double, string> Deadlines => new()
    {
        { "schedule-to-start", 90, "TimedOut by ScheduleToStart" },
        { "start-to-close", 7 + 60, "TimedOut by StartToClose" },
        { "start-to-close, retried", 7 + 60, "BackingOff" },
        { "schedule-to-close, waiting", 100, "TimedOut by ScheduleToClose" },
        { "schedule-to-close, running", 100, "TimedOut by ScheduleToClose" },
        { "schedule-to-close, second attempt", 100, "TimedOut by ScheduleToClose" },
        { "schedule-to-close by an instant", 80, "TimedOut by ScheduleToClose" },
        { "heartbeat, first window", 7 + 30, "TimedOut by Heartbeat" },
        { "heartbeat, after beats", 7 + 25 + 25 + 30, "TimedOut by Heartbeat" },
        { "heartbeat, after a beat and retried", 7 + 25 + 30, "BackingOff" },
        { "schedule-to-start and schedule-to-close", 90, "TimedOut by ScheduleToClose" },
        { "start-to-close and schedule-to-close", 60, "TimedOut by ScheduleToClose" },
        { "all three of a running attempt", 60, "TimedOut by ScheduleToClose" },
        { "start-to-close and heartbeat", 60, "TimedOut by StartToClose" },
    };

    [Theory]
    [MemberData(nameof(Deadlines))]
    [Trait("Req", "T4")]
    [Trait("Req", "T6")]
    [Trait("Req", "T10")]
    [Trait("Req", "T12")]
    [Trait("Req", "E7")]
    [Trait("Req", "E9")]
    [Trait("Req", "E10")]
    [Trait("Req", "REL-I8")]
    [Trait("Req", "REL-I9")]
    public async Task A_deadline_passes_at_its_instant_and_not_a_tick_before(string deadline, double seconds, string passed)
    {
        foreach (var ticks in new[] { -1, 0, 1 })
        {
            await using var flow = await StartAsync();
            var start = flow.Now;
            var review = await BringAboutAsync(flow, deadline);
            var due = (await review.ActivitiesAsync())[0].DueAt;

            await flow.AdvanceAsync(start + TimeSpan.FromSeconds(seconds) + TimeSpan.FromTicks(ticks) - flow.Now);
            var standing = await StandingAsync(review);
            var late = await review.Activity("Review").CompleteAsync(new Verdict("fine"));

            Assert.True(due <= start.AddSeconds(seconds), $"{due:O} is armed, after the deadline.");
            Assert.Equal((ticks, ticks >= 0), (ticks, standing == passed));
            Assert.Equal((ticks, ticks >= 0 ? Disposition.TimedOut : Disposition.Applied), (ticks, late.Disposition));
        }
    }

    [Theory]
    [Trait("Req", "D13")]
    [Trait("Req", "REL-I5")]
    [InlineData(-1, "BackingOff", 1)]
    [InlineData(0, "Scheduled", 2)]
    [InlineData(1, "Scheduled", 2)]
    public async Task A_back_off_ends_at_its_instant_and_not_a_tick_before(int ticks, string status, int attempt)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(Asked with { MaximumAttempts = 2, InitialIntervalSeconds = 30 });
        await review.Activity("Review").FailAsync("Busy", "later");

        await flow.AdvanceAsync(TimeSpan.FromSeconds(30) + TimeSpan.FromTicks(ticks));

        var activity = (await review.ActivitiesAsync())[0];
        Assert.Equal((status, attempt), (activity.Status, activity.Attempt));
        Assert.Equal(attempt, flow.Desk.ReceivedOf(review.Id).Count);
    }

    [Theory]
    [Trait("Req", "T10")]
    [Trait("Req", "REL-R18")]
    [InlineData(-1, "Running")]
    [InlineData(0, "Failed")]
    [InlineData(1, "Failed")]
    public async Task A_retry_is_waited_for_only_when_it_begins_before_schedule_to_close(int ticks, string status)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(Asked with { MaximumAttempts = null, ScheduleToCloseSeconds = 100, InitialIntervalSeconds = 30 });
        await flow.AdvanceAsync(TimeSpan.FromSeconds(70) + TimeSpan.FromTicks(ticks));

        await review.Activity("Review").FailAsync("Busy", "later");

        Assert.Equal(status, (await review.DescribeAsync()).Status);
        await flow.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(ticks < 0 ? 2 : 1, (await review.ActivitiesAsync())[0].Attempt);
    }

    [Theory]
    [Trait("Req", "T10")]
    [Trait("Req", "REL-R18")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task Schedule_to_close_that_has_passed_when_a_back_off_ends_late_opens_no_attempt(int ticks, bool closed)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(Asked with { MaximumAttempts = null, ScheduleToCloseSeconds = 100, InitialIntervalSeconds = 30 });
        await review.Activity("Review").FailAsync("Busy", "later");

        // Too short to count as an outage, so that no deadline is moved; the alarm of the back-off rings late.
        await flow.AdvanceAsync(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        flow.Engine.Clock.AdvanceTo(flow.Now + TimeSpan.FromSeconds(70) + TimeSpan.FromTicks(ticks + 1));
        await flow.AdvanceAsync(TimeSpan.Zero);

        Assert.Equal(closed ? TimeoutType.ScheduleToClose : null, review.Instance.TimedOutBy);
        Assert.Equal(closed ? 1 : 2, flow.Desk.ReceivedOf(review.Id).Count);
    }

    [Theory]
    [Trait("Req", "T11")]
    [InlineData(1, 61, 60, "TimedOut by StartToClose")]
    [InlineData(1, 600, 60, "TimedOut by StartToClose")]
    [InlineData(null, 61, 60, "TimedOut by StartToClose")]
    [InlineData(null, 600, 60, "BackingOff")]
    [InlineData(null, 100, 100, "TimedOut by ScheduleToClose")]
    public async Task Schedule_to_close_makes_a_difference_only_where_another_attempt_could_begin(
        int? attempts, double scheduleToClose, double seconds, string standing)
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.Review).IsPending().Always();
        var review = await flow.StartAsync(
            Asked with { MaximumAttempts = attempts, StartToCloseSeconds = 60, ScheduleToCloseSeconds = scheduleToClose });

        await flow.AdvanceAsync(TimeSpan.FromSeconds(seconds));

        Assert.Equal(standing, await StandingAsync(review));
    }

    private static async Task<WorkflowHandle<ReviewWorkflow, ReviewInstance>> BringAboutAsync(
        SagaFlowHarness<ReviewWorkflow, ReviewInstance> flow, string deadline)
    {
        var review = await flow.StartAsync(OptionsFor(deadline, flow.Now));
        var (begins, beats) = deadline switch
        {
            "schedule-to-start" or "schedule-to-close, waiting" or "schedule-to-close by an instant" => (-1, 0),
            "schedule-to-start and schedule-to-close" => (-1, 0),
            "start-to-close and schedule-to-close" => (0, 0),
            "all three of a running attempt" or "start-to-close and heartbeat" => (0, 1),
            "heartbeat, after beats" => (7, 2),
            "heartbeat, after a beat and retried" => (7, 1),
            _ => (7, 0),
        };
        if (begins >= 0)
        {
            await flow.AdvanceAsync(TimeSpan.FromSeconds(begins));
            await review.Activity("Review").StartedAsync();
        }

        for (; beats > 0; beats--)
        {
            await flow.AdvanceAsync(TimeSpan.FromSeconds(25));
            await review.Activity("Review").HeartbeatAsync();
        }

        if (deadline == "schedule-to-close, second attempt")
        {
            await review.Activity("Review").FailAsync("Busy", "later");
            await flow.AdvanceAsync(TimeSpan.FromSeconds(1));
            await review.Activity("Review").StartedAsync();
        }

        return review;
    }

    private static ReviewAsked OptionsFor(string deadline, DateTimeOffset now) => deadline switch
    {
        "schedule-to-start" => Asked with { ScheduleToStartSeconds = 90 },
        "start-to-close" => Asked with { StartToCloseSeconds = 60 },
        "start-to-close, retried" => Asked with { StartToCloseSeconds = 60, MaximumAttempts = 2 },
        "schedule-to-close, waiting" => Asked with { ScheduleToCloseSeconds = 100, ScheduleToStartSeconds = 200 },
        "schedule-to-close, running" => Asked with { ScheduleToCloseSeconds = 100, StartToCloseSeconds = 95 },
        "schedule-to-close, second attempt" => Asked with { ScheduleToCloseSeconds = 100, StartToCloseSeconds = 95, MaximumAttempts = 2 },
        "schedule-to-close by an instant" => Asked with { ScheduleToCloseSeconds = 100, ScheduleToCloseAt = now.AddSeconds(80) },
        "heartbeat, first window" or "heartbeat, after beats" => Asked with { NoHeartbeat = false, HeartbeatSeconds = 30 },
        "heartbeat, after a beat and retried" => Asked with { NoHeartbeat = false, HeartbeatSeconds = 30, MaximumAttempts = 2 },
        "schedule-to-start and schedule-to-close" => Asked with { ScheduleToStartSeconds = 90, ScheduleToCloseSeconds = 90 },
        "start-to-close and schedule-to-close" => Asked with { StartToCloseSeconds = 60, ScheduleToCloseSeconds = 60 },
        "all three of a running attempt" =>
            Asked with { StartToCloseSeconds = 60, ScheduleToCloseSeconds = 60, NoHeartbeat = false, HeartbeatSeconds = 35 },
        _ => Asked with { StartToCloseSeconds = 60, NoHeartbeat = false, HeartbeatSeconds = 35 },
    };

    private static async Task<string> StandingAsync(WorkflowHandle<ReviewWorkflow, ReviewInstance> review)
    {
        var status = (await review.ActivitiesAsync())[0].Status;
        return review.Instance.TimedOutBy is { } by ? $"{status} by {by}" : status;
    }

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
}
