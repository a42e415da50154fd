using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Tests.Workflows;

namespace SagaFlow.Tests.Timeouts;

/// <summary>An embedded engine as an application hosts it, whose workflows wait for the alarm clock.</summary>
internal static class NapEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<IHost> StartAsync(string database)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<NapWorkflow, NapInstance>().UseSqlite(database));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Starts a nap and waits until its timer has ended it.</summary>
    public static async Task<string?> NapAsync(IHost engine, string who)
    {
        var client = engine.Services.GetRequiredService<IWorkflowClient>();
        var nap = await client.StartAsync("nap", new NapWanted(who));
        return await client.GetResultAsync<string>(nap.WorkflowId!.Value).WaitAsync(Patience);
    }
}
