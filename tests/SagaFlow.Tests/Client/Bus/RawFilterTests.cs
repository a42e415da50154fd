using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using SagaFlow.Client.Bus;

namespace SagaFlow.Tests.Client.Bus;

/// <summary>How long a delivery is held while its receiver fails.</summary>
public sealed class RawFilterTests
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTimeProvider _clock = new();
    private readonly ReceiveContext _delivery = Substitute.For<ReceiveContext>();
    private int _tries;

    public RawFilterTests() => _delivery.Body.Returns(new BytesMessageBody([]));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(-1, false)]
    [InlineData(1, false)]
    [Trait("Req", "REL-B5")]
    public async Task A_delivery_is_held_for_twenty_minutes_on_a_broker_and_without_an_end_in_memory(long ticks, bool redelivers)
    {
        var sending = Filter(Hold + TimeSpan.FromTicks(ticks), redelivers).Send(_delivery, Pipe.Empty<ReceiveContext>());
        await _clock.TimerWithinAsync(FirstPause);
        _clock.Advance(FirstPause);
        await sending.WaitAsync(Patience);

        Assert.Equal(2, _tries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [Trait("Req", "REL-B5")]
    public async Task A_single_try_that_waits_for_long_counts_so_that_the_broker_never_takes_the_delivery_back(long ticks)
    {
        var filter = Filter(Hold + TimeSpan.FromTicks(ticks), redelivers: true);

        await Assert.ThrowsAsync<IOException>(() => filter.Send(_delivery, Pipe.Empty<ReceiveContext>()).WaitAsync(Patience));

        Assert.Equal(1, _tries);
    }

    // The first try fails after a time, the second one succeeds.
    private RawFilter Filter(TimeSpan firstTry, bool redelivers) => new(
        (_, _) =>
        {
            if (++_tries > 1)
            {
                return Task.CompletedTask;
            }

            _clock.Advance(firstTry);
            throw new IOException("The database is away");
        },
        redelivers,
        _clock,
        NullLogger.Instance);
}
