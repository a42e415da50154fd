using SagaFlow.IntegrationTests.Network;
using SagaFlow.IntegrationTests.Postgres;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Servers that go away in the middle of a start, wherever that is: the start bears it.</summary>
public sealed class BrokenStartTests : IAsyncLifetime
{
    // They mostly wait: for a second, or for the bus's own pauses.
    private const int AtATime = 8;

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(30);

    private readonly string _prefix = TestBroker.NewPrefix();
    private PostgresServer.Database _database = null!;

    public async Task InitializeAsync() => _database = await PostgresServer.CreateDatabaseAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

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
                var host = await start(network);
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
