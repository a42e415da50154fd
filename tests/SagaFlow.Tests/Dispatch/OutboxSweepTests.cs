using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Dispatch;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Dispatch;

/// <summary>On a transport that keeps messages: a row leaves with the broker's confirmation, and the sweep sends what stayed.</summary>
public sealed class OutboxSweepTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SqliteStoreFixture _store;
    private readonly Broker _broker = new();
    private readonly MessagesInHand _inHand = new();
    private readonly ConfirmedMessages _confirmed;
    private readonly OutgoingDispatcher _dispatcher;
    private readonly OutboxSweep _sweep;

    public OutboxSweepTests()
    {
        _store = SqliteStoreFixture.CreateAsync().GetAwaiter().GetResult();
        _clock.Advance(Records.Now - _clock.GetUtcNow());
        var traits = BrokerTransport.Traits();
        _confirmed = new ConfirmedMessages(_store.Outbox, _inHand, _clock, NullLogger<ConfirmedMessages>.Instance);
        _dispatcher = new OutgoingDispatcher(
            _broker, traits, _inHand, _confirmed, new SendFailures(_clock, NullLogger<SendFailures>.Instance), _clock, NullLogger<OutgoingDispatcher>.Instance);
        _sweep = new OutboxSweep(
            _store.Outbox, _store.Reader, _dispatcher, _inHand, _broker, traits, new EngineClock(_clock), _clock, NullLogger<OutboxSweep>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.StopAsync(default);
        _dispatcher.Dispose();
        _confirmed.Dispose();
        _sweep.Dispose();
        await _store.DisposeAsync();
    }

    [Fact]
    [Trait("Req", "P15")]
    [Trait("Req", "REL-C5")]
    public async Task What_a_crash_left_behind_is_sent_within_five_seconds_and_its_row_goes()
    {
        await StoreAsync(3);
        await _dispatcher.StartAsync(default);

        await _sweep.RunAsync(default);
        var tooYoung = _broker.Sent.Count;
        _clock.Advance(TimeSpan.FromSeconds(3) + TimeSpan.FromTicks(1));
        await _sweep.RunAsync(default);
        await SentAsync(3);
        await _confirmed.DeleteAsync(default);

        Assert.Equal(0, tooYoung);
        Assert.Empty(await _store.OutgoingAsync());
    }

    [Fact]
    [Trait("Req", "REL-T11")]
    public async Task What_cannot_be_sent_stays_and_rests_while_the_others_leave()
    {
        await StoreAsync(20);
        _broker.Refused.Add(Records.Id(100));
        await _dispatcher.StartAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(4));

        await _sweep.RunAsync(default);
        await SentAsync(20);
        await _confirmed.DeleteAsync(default);
        await _sweep.RunAsync(default);
        var tries = _broker.Sent.Count(x => x == Records.Id(100));

        Assert.Equal([Records.Id(100)], (await _store.OutgoingAsync()).Select(x => x.Id));
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_message_that_is_being_sent_is_not_sent_a_second_time()
    {
        var messages = await StoreAsync(1);
        _broker.Gate = new TaskCompletionSource();
        await _dispatcher.StartAsync(default);
        _dispatcher.Enqueue(messages);
        await SentAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(30));

        await _sweep.RunAsync(default);
        _broker.Gate.SetResult();

        Assert.Single(_broker.Sent);
    }

    [Fact]
    [Trait("Req", "REL-B1")]
    public async Task Nothing_is_claimed_while_the_broker_is_away()
    {
        await StoreAsync(3);
        _broker.IsAway = true;
        await _dispatcher.StartAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(30));

        await _sweep.RunAsync(default);
        _broker.IsAway = false;
        await _sweep.RunAsync(default);

        await SentAsync(3);
    }

    private async Task<IReadOnlyList<OutgoingMessage>> StoreAsync(int count)
    {
        OutgoingMessage[] messages = [.. Enumerable.Range(0, count).Select(i => Records.Outgoing(Records.Id(100 + i), Records.Id(1)))];
        await _store.CommitAsync(new ChangeSet(Records.Id(1)) { Outgoing = messages });
        return messages;
    }

    private Task SentAsync(int count) => Eventually.HoldsAsync(() => Task.FromResult(_broker.Sent.Count >= count && (_broker.Gate is not null || _broker.Settled >= count)));

    private sealed class Broker : IOutgoingSender
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Guid> _sent = new();
        private int _settled;

        public HashSet<Guid> Refused { get; } = [];

        public TaskCompletionSource? Gate { get; set; }

        public bool IsAway { get; set; }

        public int Settled => Volatile.Read(ref _settled);

        public IReadOnlyCollection<Guid> Sent => [.. _sent];

        public async Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken)
        {
            _sent.Enqueue(message.Id);
            await (Gate?.Task ?? Task.CompletedTask);
            Interlocked.Increment(ref _settled);
            if (Refused.Contains(message.Id))
            {
                throw new InvalidOperationException("Refused");
            }
        }

        public Task<bool> IsReachableAsync(CancellationToken cancellationToken) => Task.FromResult(!IsAway);
    }
}
