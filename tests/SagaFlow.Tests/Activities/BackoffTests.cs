using SagaFlow.Activities;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class BackoffTests
{
    [Theory]
    [Trait("Req", "T17")]
    [Trait("Req", "T18")]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(7, 64)]
    [InlineData(8, 100)]
    [InlineData(9, 100)]
    public void By_default_the_wait_doubles_up_to_the_maximum(int attempt, double seconds)
    {
        var delay = Backoff.Delay(RetryPolicy.Default, attempt, dice: 0.5);

        Assert.Equal(Seconds(seconds), delay);
    }

    [Theory]
    [Trait("Req", "T18")]
    [InlineData(1, 3)]
    [InlineData(2, 4.5)]
    [InlineData(3, 5)]
    public void Interval_coefficient_and_maximum_can_be_set(int attempt, double seconds)
    {
        var policy = new RetryPolicy { InitialInterval = Seconds(3), BackoffCoefficient = 1.5, MaximumInterval = Seconds(5) };

        Assert.Equal(Seconds(seconds), Backoff.Delay(policy, attempt, dice: 0.5));
    }

    [Theory]
    [Trait("Req", "T17")]
    [InlineData(0, 9)]
    [InlineData(0.5, 10)]
    [InlineData(1, 11)]
    public void Jitter_spreads_the_wait_to_both_sides(double dice, double seconds)
    {
        var policy = new RetryPolicy { InitialInterval = Seconds(10), Jitter = 0.1 };

        Assert.Equal(seconds, Backoff.Delay(policy, 1, dice).TotalSeconds, precision: 5);
    }

    [Theory]
    [Trait("Req", "REL-K4")]
    [InlineData(100)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue)]
    public void No_number_of_attempts_overflows_the_wait(int attempt)
    {
        var policy = new RetryPolicy { BackoffCoefficient = 1000, MaximumInterval = TimeSpan.FromDays(3650), Jitter = 0 };

        Assert.Equal(policy.MaximumInterval, Backoff.Delay(policy, attempt, dice: 0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1234567)]
    [InlineData(0.9876543)]
    public void A_wait_is_of_whole_microseconds_as_every_database_keeps_them(double dice)
    {
        var policy = new RetryPolicy { InitialInterval = Seconds(1) + TimeSpan.FromTicks(7), Jitter = 0.1 };

        var delay = Backoff.Delay(policy, 1, dice);

        Assert.Equal(0, delay.Ticks % TimeSpan.TicksPerMicrosecond);
    }
}
