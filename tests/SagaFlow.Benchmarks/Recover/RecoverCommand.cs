using System.Diagnostics;
using System.Globalization;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Processes;
using SagaFlow.Benchmarks.Servers;

namespace SagaFlow.Benchmarks.Recover;

/// <summary>Measures how long nothing is committed when an engine, the broker or the database is ended without a word.</summary>
internal sealed class RecoverCommand(PrivateServers servers, Prober prober) : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private RoleProcess? _engine;

    public static async Task<int> RunAsync(int runs)
    {
        await using var servers = await PrivateServers.StartAsync(postgres: null, rabbitMq: null);
        await using var command = new RecoverCommand(servers, new Prober(servers.RabbitMq));
        for (var run = 1; run <= runs; run++)
        {
            await command.MeasureAsync();
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await prober.DisposeAsync();
        await (_engine?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task MeasureAsync()
    {
        if (_engine is null)
        {
            _engine = await StartEngineAsync();
            prober.Start();
        }

        await Task.Delay(Quiet);
        await EngineAloneAsync();
        await Task.Delay(Quiet);
        await EngineWithAnotherAsync();
        await Task.Delay(Quiet);
        await ServerAsync("the broker", $"'{servers.RabbitMqFolder}/node' kill", $"'{servers.RabbitMqFolder}/node' start");
        await Task.Delay(Quiet);
        await ServerAsync("the database", PostgresDo("stop --mode immediate"), PostgresDo($"start --wait --log /dev/null --options \"{StartedWith}\""));
    }

    private async Task EngineAloneAsync()
    {
        var killedAt = Stopwatch.GetTimestamp();
        await _engine!.KillAsync();
        await _engine.DisposeAsync();
        _engine = await StartEngineAsync();
        var ready = Stopwatch.GetElapsedTime(killedAt);
        Print($"the only engine killed, the next started at once: first commit after {Milliseconds(killedAt, await prober.FirstAfterAsync(killedAt))} (process ready after {ready.TotalMilliseconds:F0} ms)");
    }

    private async Task EngineWithAnotherAsync()
    {
        var other = await StartEngineAsync();
        await Task.Delay(Quiet);
        var killedAt = Stopwatch.GetTimestamp();
        await _engine!.KillAsync();
        await _engine.DisposeAsync();
        _engine = other;
        await Task.Delay(Quiet);
        Print($"one of two engines killed: longest time without a commit {prober.LongestGapSince(killedAt).TotalMilliseconds:F0} ms");
    }

    private async Task ServerAsync(string what, string end, string begin)
    {
        await RunAsync(end);
        await Task.Delay(Quiet);
        await RunAsync(begin);
        var backAt = Stopwatch.GetTimestamp();
        var firstAt = await prober.FirstAfterAsync(backAt);
        Print($"{what} back after {Quiet.TotalSeconds:F0} s: first commit after {Milliseconds(backAt, firstAt)} (the caller was connected after {Milliseconds(backAt, Math.Max(backAt, prober.ConnectedAt))})");
    }

    private Task<RoleProcess> StartEngineAsync() => RoleProcess.StartAsync($"{Names.SagaFlow}-engine", servers.Postgres, servers.RabbitMq);

    // Its port and the rest of what it was started with, without the program and the folder, which come first.
    private string StartedWith => $"$(sed 's/^[^ ]* \"-D\" \"[^\"]*\"//' '{servers.PostgresData}/postmaster.opts')";

    // By the functions that started it, as the user it runs as.
    private string PostgresDo(string what) =>
        $". '{Path.Combine(AppContext.BaseDirectory, "servers", "postgres.sh")}'; as_postgres \"$(postgres_bin)/pg_ctl\" {what} --silent --pgdata '{servers.PostgresData}'";

    private static async Task RunAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash") { ArgumentList = { "-c", script } })!;
        await bash.WaitForExitAsync();
    }

    private static string Milliseconds(long from, long to) => string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(from, to).TotalMilliseconds:F0} ms");

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
