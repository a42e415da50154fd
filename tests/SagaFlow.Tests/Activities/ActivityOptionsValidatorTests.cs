using SagaFlow.Activities;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class ActivityOptionsValidatorTests
{
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3652);

    [Fact]
    [Trait("Req", "T1")]
    [Trait("Req", "T22")]
    public void Good_options_become_the_policy_of_the_call()
    {
        var options = Good();
        options.HeartbeatTimeout = Seconds(5);
        options.Retry.MaximumAttempts = 3;
        options.Retry.NonRetryableTypes.Add("PartnerRejected");

        var policy = Validate(options);

        Assert.Equal((Seconds(60), Seconds(5)), (policy.ScheduleToClose, policy.Heartbeat));
        Assert.Equal((3, 2.0), (policy.Retry.MaximumAttempts, policy.Retry.BackoffCoefficient));
        Assert.Equal(["PartnerRejected"], policy.Retry.NonRetryableTypes);
    }

    [Fact]
    [Trait("Req", "T16")]
    [Trait("Req", "P1")]
    public void Start_to_close_alone_brings_a_schedule_to_close_of_a_day()
    {
        var policy = Validate(new ActivityOptions { StartToCloseTimeout = Seconds(10) });

        Assert.Equal(TimeSpan.FromHours(24), policy.ScheduleToClose);
    }

    [Fact]
    public void Start_to_close_with_schedule_to_start_is_deadline_enough()
    {
        var policy = Validate(new ActivityOptions { StartToCloseTimeout = Seconds(10), ScheduleToStartTimeout = Seconds(10) });

        Assert.Null(policy.ScheduleToClose);
    }

    [Fact]
    [Trait("Req", "T16")]
    [Trait("Req", "P1")]
    [Trait("Req", "E5")]
    public void A_wait_without_deadline_is_refused_and_the_ways_out_are_named()
    {
        var error = Assert.Throws<ActivityOptionsException>(() => Validate(new ActivityOptions()));

        Assert.Equal("Transmit", error.ActivityName);
        Assert.Equal(
            "The options of activity 'Transmit' cannot be used. Without a deadline 'Transmit' could wait for ever: set ScheduleToCloseTimeout "
            + "or ScheduleToCloseAt, or ScheduleToStartTimeout with StartToCloseTimeout, or write the reason into NoDeadlineBecause.",
            error.Message);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_deadline_for_one_half_of_the_wait_is_not_enough(bool scheduleToStart, bool heartbeat)
    {
        var options = new ActivityOptions
        {
            ScheduleToStartTimeout = scheduleToStart ? Seconds(10) : null,
            HeartbeatTimeout = heartbeat ? Seconds(10) : null,
        };

        Assert.Contains("wait for ever", Problem(options), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P1")]
    public void A_wait_without_deadline_is_allowed_for_a_written_reason()
    {
        var policy = Validate(new ActivityOptions { StartToCloseTimeout = Seconds(10), NoDeadlineBecause = "A person signs when they can." });

        Assert.Null(policy.ScheduleToClose);
    }

    [Fact]
    public void An_empty_reason_is_none() =>
        Assert.Contains("NoDeadlineBecause is empty", Problem(new ActivityOptions { NoDeadlineBecause = " " }), StringComparison.Ordinal);

    public static TheoryData<long, bool> Durations => new()
    {
        { TimeSpan.FromMilliseconds(1).Ticks - 1, false },
        { TimeSpan.FromMilliseconds(1).Ticks, true },
        { TenYears.Ticks, true },
        { TenYears.Ticks + 1, false },
        { 0, false },
        { -1, false },
        { TimeSpan.MaxValue.Ticks, false },
        { TimeSpan.MinValue.Ticks, false },
    };

    [Theory]
    [MemberData(nameof(Durations))]
    [Trait("Req", "REL-K4")]
    public void Timeouts_are_from_a_millisecond_to_ten_years(long ticks, bool good)
    {
        var timeout = TimeSpan.FromTicks(ticks);
        (string Name, ActivityOptions Options)[] each =
        [
            ("ScheduleToStartTimeout", With(x => x.ScheduleToStartTimeout = timeout)),
            ("StartToCloseTimeout", With(x => (x.StartToCloseTimeout, x.ScheduleToCloseTimeout) = (timeout, TenYears))),
            ("ScheduleToCloseTimeout", With(x => x.ScheduleToCloseTimeout = timeout)),
            ("HeartbeatTimeout", With(x => x.HeartbeatTimeout = timeout)),
            ("Retry.InitialInterval", With(x => (x.Retry.InitialInterval, x.Retry.MaximumInterval) = (timeout, TenYears))),
            ("Retry.MaximumInterval", With(x => (x.Retry.InitialInterval, x.Retry.MaximumInterval) = (TimeSpan.FromMilliseconds(1), timeout))),
        ];

        Assert.All(each, x => Assert.Equal(good, !Mentions(x.Options, $"{x.Name} is {timeout}")));
    }

    [Theory]
    [Trait("Req", "T19")]
    [InlineData(9, 10, true)]
    [InlineData(10, 10, false)]
    [InlineData(11, 10, false)]
    public void A_heartbeat_timeout_is_shorter_than_start_to_close(double heartbeat, double startToClose, bool good)
    {
        var options = With(x => (x.HeartbeatTimeout, x.StartToCloseTimeout) = (Seconds(heartbeat), Seconds(startToClose)));

        Assert.Equal(good, !Mentions(options, "is not shorter than StartToCloseTimeout"));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public void Start_to_close_fits_into_schedule_to_close(double startToClose, bool good) =>
        Assert.Equal(good, !Mentions(With(x => x.StartToCloseTimeout = Seconds(startToClose)), "is longer than ScheduleToCloseTimeout (00:01:00)"));

    [Fact]
    public void Start_to_close_of_more_than_a_day_asks_for_a_schedule_to_close() =>
        Assert.Contains("24 hours, since none is set", Problem(new ActivityOptions { StartToCloseTimeout = TimeSpan.FromHours(25) }), StringComparison.Ordinal);

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(0.999, false)]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    [InlineData(1000.1, false)]
    [InlineData(double.PositiveInfinity, false)]
    public void A_coefficient_is_from_1_to_1000(double coefficient, bool good) =>
        Assert.Equal(good, !Mentions(With(x => x.Retry.BackoffCoefficient = coefficient), "Retry.BackoffCoefficient is"));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(int.MaxValue, true)]
    public void The_maximum_of_attempts_is_at_least_1(int attempts, bool good) =>
        Assert.Equal(good, !Mentions(With(x => x.Retry.MaximumAttempts = attempts), "Retry.MaximumAttempts is"));

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(-0.01, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1.01, false)]
    public void Jitter_is_a_share(double jitter, bool good) =>
        Assert.Equal(good, !Mentions(With(x => x.Retry.Jitter = jitter), "Retry.Jitter is"));

    [Fact]
    public void The_first_interval_is_not_longer_than_the_longest() =>
        Assert.Contains("is longer than Retry.MaximumInterval", Problem(With(x => x.Retry.InitialInterval = Seconds(101))), StringComparison.Ordinal);

    [Theory]
    [InlineData("edi", true)]
    [InlineData("a-b_9", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("EDI", false)]
    [InlineData("a.b", false)]
    [InlineData("edi\n", false)]
    [InlineData("größe", false)]
    public void A_task_queue_has_a_plain_name(string? queue, bool good) =>
        Assert.Equal(good, !Mentions(With(x => x.TaskQueue = queue!), "is no queue name"));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_task_queue_has_at_most_64_characters(int length, bool good) =>
        Assert.Equal(good, !Mentions(With(x => x.TaskQueue = new string('a', length)), "is no queue name"));

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var options = new ActivityOptions { TaskQueue = "?", TokenScope = (TokenScope)7, Retry = null! };

        var error = Assert.Throws<ActivityOptionsException>(() => Validate(options));

        Assert.Equal(4, error.Problems.Count);
        Assert.All(error.Problems, x => Assert.Contains(x, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_type_that_is_never_retried_has_a_name() =>
        Assert.Contains("Retry.NonRetryableTypes", Problem(With(x => x.Retry.NonRetryableTypes.Add(""))), StringComparison.Ordinal);

    private static ActivityOptions Good() => new() { ScheduleToCloseTimeout = Seconds(60) };

    private static ActivityOptions With(Action<ActivityOptions> change)
    {
        var options = Good();
        change(options);
        return options;
    }

    private static ActivityPolicy Validate(ActivityOptions options) => ActivityOptionsValidator.Validate("Transmit", options);

    private static string Problem(ActivityOptions options) => Assert.Single(Assert.Throws<ActivityOptionsException>(() => Validate(options)).Problems);

    private static bool Mentions(ActivityOptions options, string problem) =>
        Record.Exception(() => Validate(options)) is ActivityOptionsException error
        && error.Problems.Any(x => x.Contains(problem, StringComparison.Ordinal));
}
