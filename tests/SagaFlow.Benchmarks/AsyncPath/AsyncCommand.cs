using SagaFlow.Benchmarks.Broker;
using SagaFlow.Benchmarks.Processes;
using SagaFlow.Benchmarks.Servers;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>Measures start → request → worker → foreign service → answer → result, for the engine and for one written by hand, in turns.</summary>
internal sealed class AsyncCommand(PrivateServers servers, AsyncOptions options)
{
    private readonly List<AsyncFigure> _figures = [];

    public static async Task<int> RunAsync(string? postgres, string? rabbitMq, AsyncOptions options)
    {
        await using var servers = await PrivateServers.StartAsync(postgres, rabbitMq);
        var command = new AsyncCommand(servers, options);
        await command.MeasureAsync();
        AsyncReport.Print(command._figures);
        await RowCounts.PrintAsync(servers.Postgres, options.Variants);
        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, AsyncReport.ToJson(command._figures));
        }

        return 0;
    }

    private async Task MeasureAsync()
    {
        await using var completer = await RoleProcess.StartAsync("completer", servers.Postgres, servers.RabbitMq);
        await using var broker = await RawBroker.OpenAsync(servers.RabbitMq, "driver");
        var driver = new AsyncDriver(await ControlCaller.OpenAsync(broker));
        var variants = new List<Variant>();
        try
        {
            foreach (var name in options.Variants)
            {
                variants.Add(await Variant.StartAsync(name, servers.Postgres, servers.RabbitMq));
            }

            await WarmAsync(driver, variants);
            foreach (var window in options.Windows)
            {
                await MeasureWindowAsync(driver, variants, window, completer);
            }
        }
        finally
        {
            foreach (var variant in variants)
            {
                await variant.DisposeAsync();
            }
        }
    }

    // At the greatest load, because .NET compiles what runs often a second time.
    private async Task WarmAsync(AsyncDriver driver, List<Variant> variants)
    {
        foreach (var variant in variants)
        {
            await driver.RunAsync(variant.Names, options.Windows.Max(), TimeSpan.Zero, options.Warm, _ => { });
        }
    }

    private async Task MeasureWindowAsync(AsyncDriver driver, List<Variant> variants, int window, RoleProcess completer)
    {
        for (var run = 1; run <= options.Runs; run++)
        {
            foreach (var variant in variants)
            {
                var meter = new CpuMeter(Sources(variant, completer));
                CpuUse? used = null;
                var took = await driver.RunAsync(
                    variant.Names, window, options.Warm / 5, options.Span, begins => used = begins ? Begin(meter) : meter.Stop());
                _figures.Add(AsyncFigure.Of(variant.Names.Prefix, window, run, took, used!));
                await Console.Error.WriteLineAsync(_figures[^1].ToString());
            }
        }
    }

    private static CpuUse? Begin(CpuMeter meter)
    {
        meter.Start();
        return null;
    }

    private Dictionary<string, Func<double>> Sources(Variant variant, RoleProcess completer)
    {
        var sources = new Dictionary<string, Func<double>>(variant.Cpu)
        {
            ["completer"] = () => CpuTimes.Of(completer.Id),
            ["driver"] = () => CpuTimes.Of(Environment.ProcessId),
        };
        if (servers.PostgresId is { } postgres)
        {
            sources["postgres"] = () => CpuTimes.OfFamily(postgres);
        }

        if (servers.RabbitMqId is { } rabbitMq)
        {
            sources["rabbitmq"] = () => CpuTimes.OfFamily(rabbitMq);
        }

        return sources;
    }
}
