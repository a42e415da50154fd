using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Tests.Storage;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Joins;

/// <summary>A fan-out on the real in-memory bus, with a worker that runs its members side by side.</summary>
public sealed class FanOutOnBusTests
{
    [Fact]
    [Trait("Req", "C15")]
    [Trait("Req", "REL-R13")]
    public async Task Sixty_four_members_run_by_a_worker_are_joined()
    {
        using var folder = new TemporaryFolder();
        using var host = Host(folder);
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IWorkflowClient>();

        var receipt = await client.StartAsync("scoring", ScoringHarness.Ask(64));
        var report = await client.GetResultAsync<ScoreReport>(receipt.WorkflowId!.Value).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(Enumerable.Range(1, 64), report!.Results);
        await host.StopAsync();
    }

    private static IHost Host(TemporaryFolder folder)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<ScoringWorkflow, ScoringInstance>().UseSqlite(folder.File("flow.db")));
        builder.Services.AddSagaFlowWorker(worker => worker.AddHandler<ScoreHandler>());
        builder.Services.AddSagaFlowClient();
        return builder.Build();
    }

    private sealed class ScoreHandler : IActivityHandler<ScoreArguments, int>
    {
        public Task<ActivityOutcome<int>> HandleAsync(ActivityExecutionContext<ScoreArguments> context, CancellationToken cancellationToken) =>
            Task.FromResult<ActivityOutcome<int>>(int.Parse(context.Arguments.Item["item-".Length..], CultureInfo.InvariantCulture));
    }
}
