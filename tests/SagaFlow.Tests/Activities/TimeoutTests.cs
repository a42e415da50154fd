using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

/// <summary>Each of the four timeouts one tick before, at and after its deadline, and what follows it.</summary>
public sealed class TimeoutTests
{
    private static readonly ActivityPolicy Policy = new()
    {
        ScheduleToStart = Seconds(20),
        StartToClose = Seconds(60),
        ScheduleToClose = Seconds(100),
        Retry = new RetryPolicy { Jitter = 0 },
    };

    public static TheoryData<string, double> Deadlines => new()
    {
        // scheduled at 0, started at 10: who sets which deadline
        { nameof(TimeoutType.ScheduleToStart), 20 },
        { nameof(TimeoutType.StartToClose), 70 },
        { nameof(TimeoutType.ScheduleToClose), 30 },
        { nameof(TimeoutType.Heartbeat), 15 },
    };

    [Theory]
    [MemberData(nameof(Deadlines))]
    [Trait("Req", "T4")]
    [Trait("Req", "T6")]
    [Trait("Req", "T10")]
    [Trait("Req", "T12")]
    [Trait("Req", "E4")]
    [Trait("Req", "E9")]
    [Trait("Req", "E10")]
    [Trait("Req", "REL-I9")]
    public void A_timeout_comes_at_its_deadline_and_not_a_tick_before(string timeout, double deadline)
    {
        var early = RingFor(timeout, After(deadline) - Tick);
        var exact = RingFor(timeout, After(deadline));
        var late = RingFor(timeout, After(deadline) + Tick);

        Assert.Empty(early.Decision.Effects);
        Assert.Equal(Disposition.Applied, early.Disposition);
        Assert.Equal(After(deadline), early.State.Due!.At);
        Assert.Equal(timeout, Closing(exact).Timeout.ToString());
        Assert.Equal(timeout, Closing(late).Timeout.ToString());
    }

    [Fact]
    [Trait("Req", "REL-I9")]
    public void A_ring_that_comes_early_arms_the_deadline_under_a_new_version()
    {
        var activity = new Rehearsal(Policy).AtDue(-Tick);
        var before = activity.State.Due!;

        activity.Ring();

        Assert.Equal(before with { Version = before.Version + 1 }, activity.State.Due);
    }

    [Fact]
    [Trait("Req", "T13")]
    [Trait("Req", "T14")]
    public void Schedule_to_start_ends_the_activity_as_its_own_kind_and_is_never_retried()
    {
        var activity = new Rehearsal(Policy).RingWhenDue();

        Assert.Equal((ActivityStatus.TimedOut, TimeoutType.ScheduleToStart), (activity.State.Status, activity.State.TimeoutType));
        Assert.Contains(new ActivityEffect.ActivityEnded(ActivityStatus.TimedOut), activity.Decision.Effects);
        Assert.Equal(1, activity.State.Attempt);
    }

    [Fact]
    [Trait("Req", "T12")]
    public void Schedule_to_start_counts_anew_for_each_attempt()
    {
        var activity = new Rehearsal(Policy).Started().At(5).Failed().RingWhenDue();

        Assert.Equal((After(26), DeadlineKind.ScheduleToStart), (activity.State.Due!.At, activity.State.Due.Kind));
    }

    [Fact]
    [Trait("Req", "T15")]
    public void Schedule_to_start_is_unset_by_default()
    {
        var activity = new Rehearsal(new ActivityPolicy());

        Assert.Null(activity.State.Due);
        Assert.Equal(0, activity.State.DueVersion);
    }

    [Fact]
    [Trait("Req", "T5")]
    public void Start_to_close_ends_the_attempt_and_the_next_one_has_its_own()
    {
        var activity = new Rehearsal(Policy with { ScheduleToClose = Seconds(1000) }).At(10).Started().RingWhenDue();

        Assert.Equal(After(71), Closing(activity).RetryAt);
        activity.RingWhenDue();
        Assert.Equal([new ActivityEffect.RequestAttempt(2)], activity.Decision.Effects);
        activity.At(80).Started();
        Assert.Equal((After(140), DeadlineKind.StartToClose), (activity.State.Due!.At, activity.State.Due.Kind));
    }

    [Fact]
    [Trait("Req", "T10")]
    [Trait("Req", "REL-R18")]
    public void Schedule_to_close_spans_all_attempts_and_no_attempt_follows()
    {
        var activity = new Rehearsal(Policy).Started().At(50).Failed().RingWhenDue().At(52).Started().RingWhenDue();

        Assert.Equal(After(100), activity.Now);
        Assert.Equal((ActivityStatus.TimedOut, TimeoutType.ScheduleToClose), (activity.State.Status, activity.State.TimeoutType));
        Assert.Null(Closing(activity).RetryAt);
    }

    [Theory]
    [Trait("Req", "T10")]
    [Trait("Req", "REL-R18")]
    [InlineData(0, nameof(ActivityStatus.TimedOut))]
    [InlineData(-1, nameof(ActivityStatus.Scheduled))]
    public void A_back_off_that_rings_at_schedule_to_close_opens_no_attempt(long ticks, string expected)
    {
        var activity = new Rehearsal(Policy).Started().At(50).Failed();

        activity.At(After(100) + TimeSpan.FromTicks(ticks)).Ring();

        Assert.Equal(expected, activity.State.Status.ToString());
    }

    [Fact]
    [Trait("Req", "T11")]
    public void With_one_attempt_start_to_close_ends_the_activity_first()
    {
        var activity = new Rehearsal(Policy with { Retry = new RetryPolicy { MaximumAttempts = 1 } }).Started().RingWhenDue();

        Assert.Equal((ActivityStatus.TimedOut, TimeoutType.StartToClose), (activity.State.Status, activity.State.TimeoutType));
    }

    [Fact]
    [Trait("Req", "T10")]
    public void Of_two_deadlines_at_the_same_instant_the_more_final_one_counts()
    {
        var activity = new Rehearsal(Policy with { StartToClose = Policy.ScheduleToClose }).Started().RingWhenDue();

        Assert.Equal(TimeoutType.ScheduleToClose, activity.State.TimeoutType);
    }

    [Fact]
    [Trait("Req", "T6")]
    [Trait("Req", "T19")]
    [Trait("Req", "E8")]
    public void A_dead_worker_is_noticed_by_its_heartbeat_long_before_start_to_close()
    {
        var hours = new ActivityPolicy { StartToClose = TimeSpan.FromHours(6), Heartbeat = Seconds(60) };
        var activity = new Rehearsal(hours).Started().At(45).Heartbeat();

        activity.RingWhenDue().RingWhenDue();

        Assert.Equal(After(105), activity.Now);
        Assert.Equal(TimeoutType.Heartbeat, Closing(activity).Timeout);
        Assert.Equal(ActivityStatus.BackingOff, activity.State.Status);
    }

    [Fact]
    [Trait("Req", "T16")]
    public void Without_start_to_close_and_heartbeat_a_started_attempt_ends_by_schedule_to_close_alone()
    {
        var activity = new Rehearsal(new ActivityPolicy { ScheduleToClose = Seconds(100) }).At(99).Started();

        Assert.Equal((After(100), DeadlineKind.ScheduleToClose), (activity.State.Due!.At, activity.State.Due.Kind));
    }

    private static Rehearsal RingFor(string timeout, DateTimeOffset now)
    {
        var policy = timeout switch
        {
            nameof(TimeoutType.ScheduleToClose) => new ActivityPolicy { ScheduleToClose = Seconds(30) },
            nameof(TimeoutType.Heartbeat) => Policy with { Heartbeat = Seconds(5) },
            _ => Policy,
        };
        var activity = new Rehearsal(policy);
        if (timeout is not nameof(TimeoutType.ScheduleToStart))
        {
            activity.At(10).Started();
        }

        return activity.At(now).Ring();
    }

    private static ActivityEffect.AttemptClosed Closing(Rehearsal activity) =>
        Assert.Single(activity.Decision.Effects.OfType<ActivityEffect.AttemptClosed>());
}
