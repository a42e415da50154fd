using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace SagaFlow.Worker;

/// <summary>Starts and stops the worker with the host. It stops before any other service of the host does, so that an engine in
/// the same process still takes what it hands back.</summary>
internal sealed class WorkerHost(ISagaFlowWorker worker, IOptions<SagaFlowWorkerOptions> options, IServiceProvider services) : IHostedLifecycleService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.StartsWithHost)
        {
            return;
        }

        try
        {
            await worker.StartAsync(cancellationToken);
        }
        catch
        {
            await worker.StopAsync(cancellationToken);
            throw;
        }

        _ = WatchAsync(worker.Exit);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => worker.StopAsync(cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A process whose worker has given up is of no use to whoever started it, and says so.
    private async Task WatchAsync(Task<WorkerExit> exit)
    {
        var end = await exit;
        if (end.Code != WorkerExit.SuccessCode && services.GetService<IHostApplicationLifetime>() is { } lifetime)
        {
            Environment.ExitCode = end.Code;
            lifetime.StopApplication();
        }
    }
}
