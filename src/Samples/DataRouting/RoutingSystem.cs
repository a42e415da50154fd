using System.Net;
using DataRouting.Routing;
using DataRouting.Transmission;
using MassTransit;
using Microsoft.Extensions.Logging.Console;
using SagaFlow;
using SagaFlow.Client;
using SagaFlow.Worker;

namespace DataRouting;

/// <summary>Everything that routes packets, in one process: the engine, the worker, the HTTP callbacks, and the foreign transmit service.</summary>
public sealed class RoutingSystem : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TransmitService _transmitService;

    private RoutingSystem(WebApplication app, TransmitService transmitService) => (_app, _transmitService) = (app, transmitService);

    public IWorkflowClient Workflows => _app.Services.GetRequiredService<IWorkflowClient>();

    /// <summary>Fires when the user asks the program to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public static async Task<RoutingSystem> StartAsync(StateFiles state, Chances chances, Dice dice, RoutingTimes times)
    {
        // The service listens first, because work that an earlier run left is submitted as soon as the worker starts.
        var transmitService = await TransmitService.ListenAsync(state.TransmitJournal, chances, dice, times);
        var app = Build(state, chances, dice, times, transmitService.Address);
        try
        {
            app.MapSagaFlowCallbacks();
            await app.StartAsync();
            transmitService.CallBackTo(new Uri(app.Urls.First()));
            return new RoutingSystem(app, transmitService);
        }
        catch
        {
            await transmitService.DisposeAsync();
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _transmitService.DisposeAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(StateFiles state, Chances chances, Dice dice, RoutingTimes times, Uri transmitService)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        ConfigureLogging(builder.Logging);
        builder.Services.AddSingleton(chances).AddSingleton(dice).AddSingleton(times);
        builder.Services.AddSingleton(new TransmitServiceClient(new HttpClient { BaseAddress = transmitService }));

        builder.Services.AddMassTransit(bus =>
        {
            bus.AddConsumer<ProviderFailedLog>();
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        builder.Services.AddSagaFlow(flow =>
        {
            flow.AddWorkflow<DataRoutingWorkflow, DataRoutingInstance>();
            _ = state.Postgres is { } postgres ? flow.UsePostgres(postgres) : flow.UseSqlite(state.Database);
        });
        builder.Services.AddSagaFlowWorker(worker =>
        {
            worker.AddHandler<GetRouteHandler>().OnTaskQueue("default");
            worker.AddHandler<TransmitHandler>().OnTaskQueue("default");
        });
        builder.Services.AddSagaFlowClient();
        return builder.Build();
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
    }
}
