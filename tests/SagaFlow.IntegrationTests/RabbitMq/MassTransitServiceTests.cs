using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Storage;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Services on MassTransit that answer with its envelopes, as they publish any other event.</summary>
[Collection(BrokerCollection.Name)]
public sealed class MassTransitServiceTests
{
    [Fact]
    [Trait("Req", "E13")]
    [Trait("Req", "E14")]
    public async Task Published_events_are_answers()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await using var service = await StartServiceAsync(engine.Prefix);
        var bus = service.GetRequiredService<IBus>();
        var good = await engine.StartParcelAsync("P-1");
        await bus.Publish(new ActivityCompleted(await stranger.TakeTokenAsync(), new Shipped("DE-7")));
        var bad = await engine.StartParcelAsync("P-2");
        await bus.Publish(new ActivityFailed(await stranger.TakeTokenAsync(), new CarrierFailure("NoTruck", "All trucks are out", Retryable: false)));

        await engine.ShouldAllCompleteOnceAsync([good]);
        await Eventually.HoldsAsync(async () => (await FindAsync(engine, bad)).Status == WorkflowStatus.Failed, "the other failed");

        Assert.Equal("DE-7", (await engine.Workflows.GetResultAsync<Shipped>(good))!.ParcelId);
        Assert.Contains("NoTruck", (await FindAsync(engine, bad)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "M2")]
    [Trait("Req", "REL-4.6-61")]
    public async Task A_request_client_gets_the_receipt()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        await using var service = await StartServiceAsync(engine.Prefix);
        var client = service.GetRequiredService<IBus>().CreateRequestClient<ActivityCompleted>(RequestTimeout.After(s: 20));
        await engine.StartParcelAsync("P-1");
        var completed = new ActivityCompleted(await stranger.TakeTokenAsync(), new Shipped("DE-7"));

        var first = await client.GetResponse<CarrierReceipt>(completed);
        var again = await client.GetResponse<CarrierReceipt>(completed);
        var wrong = await client.GetResponse<CarrierReceipt>(completed with { TaskToken = "mine" });

        Assert.Equal(["applied", "duplicate", "malformed"], [first.Message.Disposition, again.Message.Disposition, wrong.Message.Disposition]);
    }

    private static async Task<WorkflowRecord> FindAsync(BrokerHost engine, Guid id) => (await engine.Get<IWorkflowReader>().FindWorkflowAsync(id, default))!;

    // With the default prefix the attributes are enough; a deployment with another one sets the entity names.
    private static async Task<ServiceProvider> StartServiceAsync(string prefix)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.UsingRabbitMq((_, bus) =>
            {
                bus.Host(new Uri(TestBroker.Address));
                bus.Message<ActivityCompleted>(x => x.SetEntityName($"{prefix}.activity-completed"));
                bus.Message<ActivityFailed>(x => x.SetEntityName($"{prefix}.activity-failed"));
            });
        });
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<IBusControl>().StartAsync(TimeSpan.FromSeconds(20));
        return provider;
    }
}
