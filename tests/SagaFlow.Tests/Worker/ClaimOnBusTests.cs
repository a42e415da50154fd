using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Worker;

/// <summary>Engine and worker on one in-memory bus: the claim and its receipt travel as messages.</summary>
public sealed class ClaimOnBusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Script _script = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Req", "E25")]
    public async Task A_handler_that_claims_runs_once_its_claim_is_granted()
    {
        using var host = await StartAsync();
        var client = host.Services.GetRequiredService<IWorkflowClient>();

        var started = await client.StartAsync("transfer", new TransferWanted("T-1"));
        var result = await client.GetResultAsync<TransmitReceipt>(started.WorkflowId!.Value).WaitAsync(TimeSpan.FromSeconds(20));
        var history = await client.GetHistoryAsync(started.WorkflowId!.Value);

        Assert.Equal(("000123", 1), (result!.ControlNumber, _script.Calls));
        Assert.False(history.Single(x => x.Kind == "AttemptStarted").Data!.Value.GetProperty("inferred").GetBoolean());
        await host.StopAsync();
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_script);
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<TransferWorkflow, TransferInstance>().UseSqlite(_folder.File("flow.db")));
        builder.Services.AddSagaFlowWorker(worker => worker.AddHandler<TransmitOrderHandler>().ClaimBeforeRun().OnTaskQueue("edi"));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
