using SagaFlow.Storage;
using SagaFlow.Tests.Storage;
using SagaFlow.Timeouts;

namespace SagaFlow.Tests.Timeouts;

/// <summary>When the watchdog takes the alarm clock for one that stands.</summary>
public sealed class DueSweepTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private readonly BlockedRinger _ringer = new();
    private SqliteStoreFixture _store = null!;
    private DueSweep _sweep = null!;

    public async Task InitializeAsync()
    {
        _clock.Advance(Records.Now - _clock.GetUtcNow());
        _store = await SqliteStoreFixture.CreateAsync();
        _sweep = new DueSweep(_store.Alarms, _ringer, new EngineClock(_clock), _clock);
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [Trait("Req", "REL-K7")]
    public async Task It_stands_when_no_sweep_has_begun_for_more_than_ten_seconds(long ticks, bool stands)
    {
        await _sweep.RunAsync(default);

        _clock.Advance(TimeSpan.FromSeconds(10) + TimeSpan.FromTicks(ticks));

        Assert.Equal(stands, _sweep.Stands);
    }

    [Fact]
    [Trait("Req", "REL-K7")]
    [Trait("Req", "REL-B4")]
    public async Task A_sweep_that_waits_for_a_broker_which_takes_nothing_is_no_clock_that_stands()
    {
        var sweeping = await BeginSweepAsync();

        _clock.Advance(TimeSpan.FromSeconds(12));
        var standsMeanwhile = _sweep.Stands;
        _ringer.GiveUp();
        await Assert.ThrowsAsync<TimeoutException>(() => sweeping);

        Assert.Equal((false, false), (standsMeanwhile, _sweep.Stands));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [Trait("Req", "REL-K7")]
    public async Task A_sweep_that_hangs_stands_after_forty_five_seconds(long ticks, bool stands)
    {
        await BeginSweepAsync();

        _clock.Advance(TimeSpan.FromSeconds(45) + TimeSpan.FromTicks(ticks));

        Assert.Equal(stands, _sweep.Stands);
    }

    private async Task<Task> BeginSweepAsync()
    {
        await _store.CommitAsync(new ChangeSet(Records.Id(1))
        {
            Workflow = Records.Workflow(Records.Id(1)),
            Activities = [Records.Row(Records.Due(Records.Id(1), Records.Now))],
        });
        var sweeping = _sweep.RunAsync(default);
        await _ringer.Ringing.WaitAsync(TimeSpan.FromSeconds(20));
        return sweeping;
    }

    /// <summary>Rings on a broker that takes nothing.</summary>
    private sealed class BlockedRinger : IRinger
    {
        private readonly TaskCompletionSource _ringing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ringing => _ringing.Task;

        public void GiveUp() => _confirmed.SetException(new TimeoutException());

        public Task RingAsync(Ring ring, CancellationToken cancellationToken)
        {
            _ringing.TrySetResult();
            return _confirmed.Task;
        }

        public Task RingAsync(WorkflowRing ring, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
