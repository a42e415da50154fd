using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.IntegrationTests.Network;
using SagaFlow.Tests;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A broker that takes connections and answers late, or never.</summary>
public sealed class SilentBrokerTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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

    [Fact]
    public async Task A_sender_that_gives_up_leaves_the_opening_of_the_connection_to_the_next()
    {
        await using var network = TestBroker.NewNetwork();
        await using var client = ClientOver(network, TimeProvider.System);
        var links = client.GetRequiredService<RabbitMqLinks>();
        network.HoldReplies();
        using var patience = new CancellationTokenSource();
        var first = links.GetAsync(patience.Token);
        await Tests.Eventually.HoldsAsync(() => Task.FromResult(network.Replies == 1));

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Patience));
        var second = links.GetAsync(CancellationToken.None);
        network.PassAllReplies();
        var link = await second.WaitAsync(Patience);

        Assert.True(link.IsOpen);
        Assert.Equal((1, 1), (network.Accepted, network.Open));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_opens_after_its_deadline_is_closed(bool isProbe)
    {
        await using var network = TestBroker.NewNetwork();
        var clock = new ManualTimeProvider();
        await using var client = ClientOver(network, clock);
        var links = client.GetRequiredService<RabbitMqLinks>();
        network.HoldReplies();
        Task opening = isProbe ? links.AnswersAsync() : links.GetAsync(CancellationToken.None);
        await Tests.Eventually.HoldsAsync(() => Task.FromResult(network.Replies == 1));

        // Slow, but never silent for so long.
        clock.Advance(Deadline * 0.6);
        network.PassReply();
        await Tests.Eventually.HoldsAsync(() => Task.FromResult(network.Replies == 2));
        clock.Advance(Deadline * 0.4);
        var failed = opening is Task<bool> answers ? !await answers.WaitAsync(Patience) : await Record.ExceptionAsync(() => opening.WaitAsync(Patience)) is TimeoutException;
        network.PassAllReplies();

        await Tests.Eventually.HoldsAsync(() => Task.FromResult(network.Open == 0));
        Assert.Equal((true, 1), (failed, network.Accepted));
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

    private static ServiceProvider ClientOver(ChaosProxy network, TimeProvider clock) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(clock)
        .AddSagaFlowClient(options =>
        {
            options.Prefix = TestBroker.NewPrefix();
            options.UseRabbitMq(TestBroker.Over(network));
        })
        .BuildServiceProvider();
}
