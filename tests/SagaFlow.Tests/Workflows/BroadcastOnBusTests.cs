using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

/// <summary>A message that another service publishes on the real in-memory bus, for all workflows of a type.</summary>
public sealed class BroadcastOnBusTests : IDisposable, ICommitListener
{
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _prices;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    void ICommitListener.OnCommitted(ChangeSet changes)
    {
        if (changes.History.Any(x => x.Kind == "EventReceived") && Interlocked.Increment(ref _prices) == 2)
        {
            _received.SetResult();
        }
    }

    [Fact]
    [Trait("Req", "P14")]
    public async Task A_message_for_all_that_is_published_on_the_bus_reaches_each_workflow()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<QuoteWorkflow, QuoteInstance>().UseSqlite(_folder.File("flow.db")));
        builder.Services.AddSagaFlowClient();
        builder.Services.AddSingleton<ICommitListener>(this);
        using var host = builder.Build();
        await host.StartAsync();
        var client = host.Services.GetRequiredService<IWorkflowClient>();
        var first = await client.StartAsync("quote", new QuoteAsked("Q-1"));
        var second = await client.StartAsync("quote", new QuoteAsked("Q-2"));

        await host.Services.GetRequiredService<IBus>().Publish(new PriceChanged(5));
        await _received.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await host.Services.GetRequiredService<IBus>().Publish(new QuoteTaken("Q-1"));
        await host.Services.GetRequiredService<IBus>().Publish(new QuoteTaken("Q-2"));

        Assert.Equal(1, await client.GetResultAsync<int>(first.WorkflowId!.Value).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(1, await client.GetResultAsync<int>(second.WorkflowId!.Value).WaitAsync(TimeSpan.FromSeconds(20)));
        await host.StopAsync();
    }
}
