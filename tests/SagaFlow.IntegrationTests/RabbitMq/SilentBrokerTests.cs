using SagaFlow.IntegrationTests.Network;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A broker that takes connections and never answers.</summary>
public sealed class SilentBrokerTests
{
    [Fact]
    [Trait("Req", "REL-B12")]
    public async Task An_engine_comes_back_when_a_broker_takes_its_connection_again_and_never_answers()
    {
        await using var network = TestBroker.NewNetwork();
        await using var host = await BrokerHost.StartEngineAsync(new ShipRuns(), address: TestBroker.Over(network));
        await host.ShouldAllCompleteOnceAsync([await host.StartParcelAsync("P-1")]);

        await BreakIntoSilenceAsync(network, connections: 2);

        // Past the broker, as over HTTP: a client's question could find its reply queue not yet consumed again.
        var receipt = await host.Get<Ingress.StartIngress>().StartAsync("parcel", """{"number":"P-2","way":"plain"}""", null, CancellationToken.None);
        await host.ShouldAllCompleteOnceAsync([receipt.WorkflowId!.Value]);
    }

    [Fact]
    [Trait("Req", "REL-B12")]
    public async Task A_worker_comes_back_when_a_broker_takes_its_connection_again_and_never_answers()
    {
        await using var network = TestBroker.NewNetwork();
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var worker = await BrokerHost.StartWorkerAsync(engine.Prefix, new ShipRuns(), slots: 2, address: TestBroker.Over(network));
        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-1")]);

        await BreakIntoSilenceAsync(network, connections: 2);

        await engine.ShouldAllCompleteOnceAsync([await engine.StartParcelAsync("P-2")]);
    }

    // Until so many have said the protocol's eight bytes in vain; those connections stay as they are.
    private static async Task BreakIntoSilenceAsync(ChaosProxy network, int connections)
    {
        network.Swallow(true);
        network.GoDown();
        network.ComeBack();
        await Eventually.HoldsAsync(() => Task.FromResult(network.Swallowed >= connections * 8), $"{connections} connections were tried");
        network.Swallow(false);
    }
}
