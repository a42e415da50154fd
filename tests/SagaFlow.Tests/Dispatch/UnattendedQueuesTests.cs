using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Dispatch;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Dispatch;

/// <summary>Task queues that nobody consumes while attempts wait on them.</summary>
public sealed class UnattendedQueuesTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new();
    private SqliteStoreFixture _store = null!;
    private UnattendedQueues _watch = null!;
    private uint _consumers;

    public async Task InitializeAsync()
    {
        _clock.Advance(Records.Now - _clock.GetUtcNow());
        _store = await SqliteStoreFixture.CreateAsync();
        _watch = NewWatch();
        await _store.CommitAsync(new ChangeSet(Records.Id(1))
        {
            Workflow = Records.Workflow(Records.Id(1)),
            Activities = [Records.Row(Records.Activity(Records.Id(1)) with { AttemptScheduledAt = Records.Now })],
        });
    }

    public async Task DisposeAsync()
    {
        _watch.Dispose();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData(29.999, 0)]
    [InlineData(30, 1)]
    [InlineData(31, 1)]
    [Trait("Req", "P18")]
    public async Task An_attempt_that_waits_half_a_minute_on_a_queue_without_consumers_is_on_record(double seconds, int events)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        await LookAsync(_watch);

        Assert.Equal(events, await CountAsync());
    }

    [Fact]
    [Trait("Req", "P18")]
    public async Task It_is_on_record_once_for_each_attempt_also_when_another_engine_looks()
    {
        _clock.Advance(TimeSpan.FromSeconds(40));

        await LookAsync(_watch);
        await LookAsync(_watch);
        using var other = NewWatch();
        await LookAsync(other);

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    [Trait("Req", "P18")]
    public async Task A_queue_with_a_consumer_or_with_a_running_attempt_is_attended()
    {
        _clock.Advance(TimeSpan.FromSeconds(40));
        _consumers = 1;
        await LookAsync(_watch);
        _consumers = 0;
        await _store.CommitAsync(new ChangeSet(Records.Id(2))
        {
            Workflow = Records.Workflow(Records.Id(2)) with { BusinessKey = "other" },
            Activities = [Records.Row(Records.Due(Records.Id(2), Records.Now.AddHours(1)) with { Status = ActivityStatus.Started, StartedAt = Records.Now })],
        });

        await LookAsync(_watch);

        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 1, 1)]
    [InlineData(60, 0, 0)]
    [InlineData(60, 1, 1)]
    [Trait("Req", "P18")]
    public async Task A_started_attempt_without_a_word_for_five_minutes_hides_no_queue_without_workers(double lastWord, long ticks, int events)
    {
        var handedOn = Records.Due(Records.Id(2), Records.Now.AddDays(3)) with
        {
            StartedAt = Records.Now,
            LastHeartbeatAt = lastWord == 0 ? null : Records.Now.AddSeconds(lastWord),
        };
        await _store.CommitAsync(new ChangeSet(Records.Id(2))
        {
            Workflow = Records.Workflow(Records.Id(2)) with { BusinessKey = "approval" },
            Activities = [Records.Row(handedOn)],
        });
        _clock.Advance(TimeSpan.FromSeconds(lastWord) + TimeSpan.FromMinutes(5) + TimeSpan.FromTicks(ticks));

        await LookAsync(_watch);

        Assert.Equal(events, await CountAsync());
    }

    [Fact]
    [Trait("Req", "P18")]
    [Trait("Req", "REL-K1")]
    public async Task The_clock_of_the_database_decides_and_not_the_one_of_this_machine()
    {
        var database = new ManualTimeProvider();
        database.Advance(Records.Now.AddSeconds(20) - database.GetUtcNow());
        _clock.SetTimeOfDay(TimeSpan.FromMinutes(5));
        using var watch = NewWatch(database);

        await LookAsync(watch);

        Assert.Equal(0, await CountAsync());
    }

    private Task LookAsync(UnattendedQueues watch) => watch.LookAsync(_ => Task.FromResult(_consumers), default);

    private async Task<int> CountAsync() => (await _store.HistoryAsync(Records.Id(1))).Count(x => x.Kind == HistoryKind.ActivityUnattended);

    private UnattendedQueues NewWatch(TimeProvider? database = null) => new(
        _store.Reader, _store.Store, BrokerTransport.Traits(), new BusNames(), new ServiceCollection().BuildServiceProvider(),
        new EngineClock(database ?? _clock), _clock, NullLogger<UnattendedQueues>.Instance);
}
