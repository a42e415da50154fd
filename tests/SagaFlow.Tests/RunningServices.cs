using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SagaFlow.Tests;

/// <summary>A container whose hosted services run, started and stopped in the order that a host keeps.</summary>
internal sealed class RunningServices : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ServiceProvider _provider;
    private bool _stopped;

    private RunningServices(ServiceProvider provider) => _provider = provider;

    public static async Task<RunningServices> StartAsync(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        configure(services);
        var running = new RunningServices(services.BuildServiceProvider(validateScopes: true));
        foreach (var service in running._provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None).WaitAsync(Patience);
        }

        return running;
    }

    public T Get<T>() where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>Stops one service and leaves the rest, the bus above all, running.</summary>
    public Task StopAsync<T>() where T : IHostedService =>
        _provider.GetServices<IHostedService>().OfType<T>().Single().StopAsync(CancellationToken.None).WaitAsync(Patience);

    public async Task StopAsync()
    {
        _stopped = true;
        foreach (var service in _provider.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None).WaitAsync(Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopped)
        {
            await StopAsync();
        }

        await _provider.DisposeAsync();
    }
}
