using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class ScheduleToCloseAtTests
{
    [Theory]
    [InlineData(null, 30.0, 30.0)]
    [InlineData(60.0, 30.0, 30.0)]
    [InlineData(30.0, 60.0, 30.0)]
    [InlineData(null, 0.0, 0.0)]
    [InlineData(null, -5.0, 0.0)]
    [Trait("Req", "E7")]
    public void An_instant_becomes_a_timeout_and_the_earlier_of_the_two_counts(double? timeout, double atSecond, double expected)
    {
        var options = new ActivityOptions { ScheduleToCloseTimeout = timeout is { } x ? Seconds(x) : null, ScheduleToCloseAt = After(atSecond) };

        var policy = ActivityOptionsValidator.Validate("Transmit", options, Noon);

        Assert.Equal(Seconds(expected), policy.ScheduleToClose);
    }

    [Fact]
    public void An_instant_is_deadline_enough_and_brings_no_default_of_a_day()
    {
        var options = new ActivityOptions { StartToCloseTimeout = TimeSpan.FromHours(30), ScheduleToCloseAt = Noon.AddDays(3) };

        Assert.Equal(TimeSpan.FromDays(3), ActivityOptionsValidator.Validate("Transmit", options, Noon).ScheduleToClose);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void An_instant_may_be_ten_years_away_and_no_more(int ticks, bool valid)
    {
        var options = new ActivityOptions { ScheduleToCloseAt = Noon.AddDays(3652).AddTicks(ticks) };

        var error = Record.Exception(() => ActivityOptionsValidator.Validate("Transmit", options, Noon));

        Assert.Equal(valid, error is null);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0, true)]
    [Trait("Req", "E7")]
    public void An_activity_whose_instant_has_passed_ends_at_once_without_an_attempt(int ticks, bool ends)
    {
        var activity = new Rehearsal(new ActivityPolicy { ScheduleToClose = TimeSpan.FromTicks(ticks) });

        Assert.Equal(ends ? ActivityStatus.TimedOut : ActivityStatus.Scheduled, activity.State.Status);
        Assert.Equal(!ends, activity.Decision.Effects.OfType<ActivityEffect.RequestAttempt>().Any());
    }

    [Fact]
    public void A_policy_for_late_attempts_that_does_not_exist_is_refused()
    {
        var options = new ActivityOptions { ScheduleToCloseTimeout = Seconds(5), LateAttempts = (LateAttemptPolicy)9 };

        var error = Assert.Throws<ActivityOptionsException>(() => ActivityOptionsValidator.Validate("Transmit", options));

        Assert.Contains("late attempts '9'", Assert.Single(error.Problems), StringComparison.Ordinal);
    }
}
