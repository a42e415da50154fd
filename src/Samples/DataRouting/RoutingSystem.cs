using System.Net;
using DataRouting.CommandLine;
using DataRouting.Routing;
using DataRouting.Transmission;
using MassTransit;
using Microsoft.Extensions.Logging.Console;
using SagaFlow;
using SagaFlow.Client;
using SagaFlow.Worker;

namespace DataRouting;

/// <summary>What routes packets: the engine, the worker, the HTTP callbacks, and the foreign transmit service. In one process, or with
/// a broker each in its own.</summary>
public sealed class RoutingSystem : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TransmitService? _transmitService;
    private readonly TransmitBroker? _broker;

    private RoutingSystem(WebApplication app, TransmitService? transmitService, TransmitBroker? broker) =>
        (_app, _transmitService, _broker) = (app, transmitService, broker);

    public IWorkflowClient Workflows => _app.Services.GetRequiredService<IWorkflowClient>();

    /// <summary>Fires when the user asks the program to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public static async Task<RoutingSystem> StartAsync(RoutingOptions options, StateFiles state, Chances chances, Dice dice, RoutingTimes times)
    {
        var broker = options is { RabbitMq: { } address, Role: not RoutingRole.Engine } ? await TransmitBroker.ConnectAsync(address) : null;

        // The service listens first, because work that an earlier run left is submitted as soon as the worker starts.
        var transmitService = options.Role is RoutingRole.All or RoutingRole.Transmit
            ? await (broker is null
                ? TransmitService.ListenAsync(state.TransmitJournal, chances, dice, times)
                : TransmitService.ListenAsync(broker, state.TransmitJournal, chances, dice, times))
            : null;
        ISubmissions? submissions = (ISubmissions?)broker
            ?? (transmitService is null ? null : new TransmitServiceClient(new HttpClient { BaseAddress = transmitService.Address }));
        var system = new RoutingSystem(Build(options, state, chances, dice, times, submissions), transmitService, broker);
        try
        {
            await system.StartAsync();
            return system;
        }
        catch
        {
            await system.ReleaseAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await ReleaseAsync();
    }

    // Apart from the stop, which a host that never started cannot do.
    private async Task ReleaseAsync()
    {
        if (_transmitService is not null)
        {
            await _transmitService.DisposeAsync();
        }

        await _app.DisposeAsync();
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        await _app.StartAsync();
        if (_broker is null)
        {
            _transmitService?.AcknowledgeBy(new HttpAcknowledgements(new Uri(_app.Urls.First())));
        }
    }

    private static WebApplication Build(
        RoutingOptions options, StateFiles state, Chances chances, Dice dice, RoutingTimes times, ISubmissions? submissions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        ConfigureLogging(builder.Logging);
        builder.Services.AddSingleton(chances).AddSingleton(dice).AddSingleton(times);
        if (options.Role is RoutingRole.All or RoutingRole.Engine)
        {
            AddEngine(builder.Services, options, state);
        }

        if (options.Role is RoutingRole.All or RoutingRole.Worker)
        {
            AddWorker(builder.Services, options, submissions!);
        }

        var app = builder.Build();
        if (options.Role is RoutingRole.All or RoutingRole.Engine)
        {
            app.MapSagaFlowCallbacks();
        }

        return app;
    }

    // The application's own bus: it has a consumer of its own on it.
    private static void AddEngine(IServiceCollection services, RoutingOptions options, StateFiles state)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConsumer<ProviderFailedLog>();
            if (options.RabbitMq is { } address)
            {
                bus.UsingRabbitMq((context, transport) =>
                {
                    transport.Host(new Uri(address));
                    transport.ConfigureEndpoints(context);
                });
            }
            else
            {
                bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
            }
        });
        services.AddSagaFlow(flow =>
        {
            flow.AddWorkflow<DataRoutingWorkflow, DataRoutingInstance>();
            _ = state.Postgres is { } postgres ? flow.UsePostgres(postgres) : flow.UseSqlite(state.Database);
        });
        services.AddSagaFlowClient();
    }

    private static void AddWorker(IServiceCollection services, RoutingOptions options, ISubmissions submissions)
    {
        services.AddSingleton(submissions);
        services.AddSagaFlowWorker(worker =>
        {
            worker.AddHandler<GetRouteHandler>().OnTaskQueue("default");
            worker.AddHandler<TransmitHandler>().OnTaskQueue("default");
            if (options is { RabbitMq: { } address, Role: RoutingRole.Worker })
            {
                worker.UseRabbitMq(address);
            }
        });
    }

    // Standard output is the packets' alone. Failures that the dice made are expected: each is one line, not a stack trace.
    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console => console.SingleLine = true);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("DataRouting", LogLevel.Information);
        logging.AddFilter("SagaFlow.Worker", LogLevel.Error);

        // Why a start failed is said once, by the program; that the broker is away, by SagaFlow.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddFilter("MassTransit", LogLevel.Error);
    }
}
