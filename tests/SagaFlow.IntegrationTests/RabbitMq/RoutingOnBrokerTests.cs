using System.Text.Json;
using SagaFlow.IntegrationTests.DataRouting;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The DataRouting sample over RabbitMQ, in one process and in three, killed and started again.</summary>
[Collection(BrokerCollection.Name)]
public sealed class RoutingOnBrokerTests
{
    [Fact]
    [Trait("Req", "D1")]
    public async Task All_in_one_process_over_the_broker()
    {
        using var folder = new RoutingFolder();
        folder.WritePackets(20);
        var broker = await TestBroker.NewVirtualHostAsync();
        using var process = RoutingProcess.Start("--packets", folder.Packets, "--time-scale", "0.3", "--rabbitmq", broker);

        Assert.Equal(0, await process.FinishAsync());

        Assert.Equal(20, process.Output.Count);
        Assert.All(process.Output, x => OutcomeRules.Check(JsonDocument.Parse(x).RootElement));
    }

    [Fact]
    [Trait("Req", "REL-C5")]
    [Trait("Req", "REL-C6")]
    [Trait("Req", "REL-C7")]
    [Trait("Req", "REL-C15")]
    public async Task Three_processes_survive_kills_of_the_engine_and_of_the_worker()
    {
        using var folder = new RoutingFolder();
        folder.WritePackets(150);
        string[] common = ["--rabbitmq", await TestBroker.NewVirtualHostAsync(), "--time-scale", "0.3", "--seed", "7", "--database", folder.Database];
        string[] engineArguments = ["--role", "engine", "--packets", folder.Packets, .. common];
        using var transmit = RoutingProcess.Start(["--role", "transmit", .. common]);
        await ReadyAsync(transmit);

        for (var i = 0; i < 3; i++)
        {
            using var doomedWorker = RoutingProcess.Start(["--role", "worker", .. common]);
            using var doomedEngine = RoutingProcess.Start(engineArguments);
            var length = folder.JournalLength;
            await doomedEngine.WaitUntilAsync(() => folder.JournalLength > length + 4_000);
            await doomedEngine.KillAsync();
            await doomedWorker.KillAsync();
        }

        using var worker = RoutingProcess.Start(["--role", "worker", .. common]);
        using var engine = RoutingProcess.Start(engineArguments);
        Assert.Equal(0, await engine.FinishAsync());

        var outcomes = engine.Output.Select(x => JsonDocument.Parse(x).RootElement).ToList();
        Assert.Equal(150, outcomes.Select(x => x.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(outcomes, x => OutcomeRules.Check(x));
        var applied = folder.ReadJournal().Where(x => x.GetProperty("Disposition").GetString() == "applied").Select(x => x.GetProperty("TaskToken").GetString());
        Assert.All(applied.GroupBy(x => x), x => Assert.Single(x));
    }

    private static Task ReadyAsync(RoutingProcess process) =>
        process.WaitUntilAsync(() => process.Errors.Any(x => x.Contains("is ready", StringComparison.Ordinal)));
}
