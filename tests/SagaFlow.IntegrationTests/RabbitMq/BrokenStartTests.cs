using MassTransit;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Contracts;
using SagaFlow.IntegrationTests.Network;
using SagaFlow.IntegrationTests.Postgres;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Servers that go away in the middle of a start, wherever that is: the start bears it.</summary>
public sealed class BrokenStartTests : IAsyncLifetime
{
    // They mostly wait: for a second, or for the bus's own pauses.
    private const int AtATime = 8;

    private static readonly int[] Returns = [.. Enumerable.Range(0, 24).Select(x => x * 4)];

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private readonly string _prefix = TestBroker.NewPrefix();
    private PostgresServer.Database _database = null!;

    public async Task InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    [Trait("Req", "REL-B1")]
    public Task An_engine_starts_when_its_broker_s_connection_is_lost_at_any_reply() => ShouldStartAsync(
        TestBroker.NewNetwork,
        network => BrokerHost.StartEngineAsync(prefix: _prefix, postgres: _database.ConnectionString, address: TestBroker.Over(network)));

    [Fact]
    [Trait("Req", "REL-D1")]
    public Task An_engine_starts_when_its_database_s_connection_is_lost_at_any_reply() => ShouldStartAsync(
        PostgresServer.NewNetwork,
        network => BrokerHost.StartEngineAsync(prefix: _prefix, postgres: _database.Over(network)));

    [Fact]
    [Trait("Req", "REL-B1")]
    public Task A_worker_starts_when_its_broker_s_connection_is_lost_at_any_reply() => ShouldStartAsync(
        TestBroker.NewNetwork,
        network => BrokerHost.StartWorkerAsync(_prefix, new ShipRuns(), slots: 2, address: TestBroker.Over(network)));

    [Fact]
    [Trait("Req", "REL-B1")]
    public async Task An_engine_comes_back_when_its_connection_is_lost_again_at_any_reply_of_its_return()
    {
        var interrupted = 0;
        await Parallel.ForEachAsync(Returns, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (reply, _) =>
        {
            await using var network = TestBroker.NewNetwork();
            await using var host = await BrokerHost.StartEngineAsync(new ShipRuns(), address: TestBroker.Over(network));
            network.LoseReplyAfter(reply);
            network.GoDown();
            network.ComeBack();

            // Over the queue that MassTransit makes, and the answer's over ours.
            var id = WireIds.Workflow(host.Prefix, "parcel", "P-1");
            await Eventually.HoldsAsync(() => TrySendAsync(host, new SendParcel("P-1", "plain")), $"the start was sent, {reply} replies after the return");
            await host.ShouldAllCompleteOnceAsync([id]);
            Interlocked.Add(ref interrupted, network.Faults - 1);
        });

        Assert.InRange(interrupted, Returns.Length * 0.6, Returns.Length);
    }

    private static async Task<bool> TrySendAsync(BrokerHost host, SendParcel message)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            var endpoint = await host.Get<IBus>().GetSendEndpoint(new Uri($"exchange:{host.Prefix}.workflow.parcel"));
            await endpoint.Send(message, limit.Token);
            return true;
        }
        catch (Exception exception) when (exception is RabbitMqConnectionException or RabbitMQClientException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task ShouldStartAsync(Func<ChaosProxy> makeNetwork, Func<ChaosProxy, Task<BrokerHost>> start)
    {
        var replies = await CountRepliesAsync(makeNetwork, start);
        var (interrupted, failures) = (0, new List<string>());

        await Parallel.ForEachAsync(Enumerable.Range(0, replies), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (reply, cancellationToken) =>
        {
            await using var network = makeNetwork();
            network.LoseReplyAfter(reply);
            try
            {
                var host = await start(network).WaitAsync(LongestStart, cancellationToken);
                Interlocked.Add(ref interrupted, network.Faults);
                await host.DisposeAsync().AsTask().WaitAsync(LongestStop, cancellationToken);
            }
            catch (Exception exception)
            {
                lock (failures)
                {
                    failures.Add($"reply {reply} of {replies}: {exception}");
                }
            }
        });

        Assert.Empty(failures);

        // A read of the socket may hold more than one reply, so that some starts have fewer.
        Assert.InRange(interrupted, replies * 0.6, replies);
    }

    private static async Task<int> CountRepliesAsync(Func<ChaosProxy> makeNetwork, Func<ChaosProxy, Task<BrokerHost>> start)
    {
        // The first start makes what the others find.
        for (var i = 0; ; i++)
        {
            await using var network = makeNetwork();
            await using var host = await start(network);
            if (i > 0)
            {
                return (int)network.Replies;
            }
        }
    }
}
