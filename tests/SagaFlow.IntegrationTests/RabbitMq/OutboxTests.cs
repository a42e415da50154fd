using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Dispatch;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>How messages leave for the broker.</summary>
[Collection(BrokerCollection.Name)]
public sealed class OutboxTests
{
    [Fact]
    [Trait("Req", "P15")]
    public async Task Messages_leave_at_once_after_their_commit_without_a_look_into_the_outbox()
    {
        var clock = new ClockWithoutSweeps();
        await using var engine = await BrokerHost.StartEngineAsync(new ShipRuns(), configure: services => services.AddSingleton<TimeProvider>(clock));

        await engine.ShouldAllCompleteOnceAsync(await engine.StartParcelsAsync(50));

        Assert.Equal(1, clock.SweepsHeldBack);
    }

    /// <summary>The system's clock, on which the outbox is never looked through.</summary>
    private sealed class ClockWithoutSweeps : TimeProvider
    {
        private int _heldBack;

        public int SweepsHeldBack => _heldBack;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (period != OutboxSweep.Interval)
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            Interlocked.Increment(ref _heldBack);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
