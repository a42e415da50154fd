using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Workflows;

/// <summary>An embedded engine on its real in-memory bus, with a task queue that the test looks at and answers by hand.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly ConcurrentDictionary<(Guid WorkflowId, string Activity), TaskCompletionSource<ActivityRequest>> _requests = new();

    private EmbeddedHost(IHost host) => _host = host;

    public IWorkflowClient Workflows => Get<IWorkflowClient>();

    public IActivityClient Activities => Get<IActivityClient>();

    public static async Task<EmbeddedHost> StartAsync(string database, Action<IServiceCollection>? before = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        before?.Invoke(builder.Services);
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<OrderWorkflow, OrderInstance>()
            .AddWorkflow<ShopWorkflow, ShopInstance>()
            .UseSqlite(database));
        builder.Services.AddSagaFlowClient();
        var host = new EmbeddedHost(builder.Build());
        await host._host.StartAsync();
        await host.ListenAsync();
        return host;
    }

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Waits for the request of an activity.</summary>
    public Task<ActivityRequest> RequestAsync(Guid workflowId, string activity) =>
        RequestOf(workflowId, activity).Task.WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private async Task ListenAsync()
    {
        var queue = Get<BusNames>().TaskQueue("default");
        var handle = Get<IBus>().ConnectReceiveEndpoint(queue, endpoint =>
            RawEndpoint.Configure(endpoint, Take, TimeProvider.System, NullLogger.Instance));
        await handle.Ready;
    }

    private Task Take(RawMessage message, CancellationToken cancellationToken)
    {
        Assert.True(WireJson.TryReadRequest(message.Body, out var request, out var problem), problem?.Detail);
        RequestOf(request.WorkflowId, request.Activity).TrySetResult(request);
        return Task.CompletedTask;
    }

    private TaskCompletionSource<ActivityRequest> RequestOf(Guid workflowId, string activity) =>
        _requests.GetOrAdd((workflowId, activity), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
