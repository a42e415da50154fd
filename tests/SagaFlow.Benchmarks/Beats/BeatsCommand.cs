using System.Globalization;
using Npgsql;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Broker;
using SagaFlow.Benchmarks.Processes;
using SagaFlow.Benchmarks.Servers;

namespace SagaFlow.Benchmarks.Beats;

/// <summary>Measures how many activities can beat once a second without one being taken for dead.</summary>
internal sealed class BeatsCommand(PrivateServers servers, RoleProcess engine, RawBroker broker, TimeSpan span)
{
    private const string WorkflowType = "beating";

    // Few: what is measured is how many beat, not how many may be started beside them.
    private const int StartsAtOnce = 8;
    private const double WindowSeconds = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private int _started;

    public static async Task<int> RunAsync(string? postgres, string? rabbitMq, int[] counts, TimeSpan span)
    {
        await using var servers = await PrivateServers.StartAsync(postgres, rabbitMq);
        await using var engine = await RoleProcess.StartAsync($"{Names.SagaFlow}-engine", servers.Postgres, servers.RabbitMq);
        await using var broker = await RawBroker.OpenAsync(servers.RabbitMq, "beater");
        await new BeatsCommand(servers, engine, broker, span).MeasureAsync(counts);
        return 0;
    }

    private async Task MeasureAsync(int[] counts)
    {
        var beater = new Beater(broker);
        await beater.StartAsync();
        using var stop = new CancellationTokenSource();
        var beating = Task.Run(() => beater.BeatAsync(stop.Token));
        var caller = await ControlCaller.OpenAsync(broker);
        foreach (var count in counts)
        {
            await StartUpToAsync(caller, count);
            if (!await HoldAsync(beater, count))
            {
                break;
            }
        }

        await stop.CancelAsync();
        await beating;
    }

    private async Task StartUpToAsync(ControlCaller caller, int count)
    {
        using var room = new SemaphoreSlim(StartsAtOnce);
        await Task.WhenAll(Enumerable.Range(_started, count - _started).Select(async i =>
        {
            await room.WaitAsync();
            var key = string.Create(CultureInfo.InvariantCulture, $"{_run}-{i}");
            await caller.StartAsync(new Names(Names.SagaFlow).Control, key, WorkflowType, $$"""{"key":"{{key}}"}""", Patience);
            room.Release();
        }));
        _started = count;
        await Task.Delay(TimeSpan.FromSeconds(2 * WindowSeconds));
    }

    // Whether nobody was taken for dead.
    private async Task<bool> HoldAsync(Beater beater, int count)
    {
        var meter = new CpuMeter(Sources());
        meter.Start();
        var (sent, confirmed, before) = (beater.Sent, beater.Confirmed, await ReadAsync());
        await Task.Delay(span);
        var after = await ReadAsync();
        var used = meter.Stop();
        var seconds = used.Elapsed.TotalSeconds;
        var beats = (beater.Sent - sent) / seconds;
        var cpu = string.Join(", ", used.Seconds.Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Key} {x.Value / seconds:F2}")));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} activities: {beats:F0} beats/s sent, {(beater.Confirmed - confirmed) / seconds:F0}/s confirmed, {(after.Writes - before.Writes) / seconds:F0} rows/s updated, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"for each activity and window {PerWindow(after.Triggers - before.Triggers):F3} scheduler writes and {PerWindow(after.Alarms - before.Alarms):F2} moved deadlines, oldest beat {after.OldestMs:F0} ms, ")
            + string.Create(CultureInfo.InvariantCulture, $"taken for dead {after.Dead}; cores used: {cpu}; neighbours {used.NeighboursShare:P0}"));
        return after.Dead == 0;

        double PerWindow(long times) => times / (seconds / WindowSeconds) / count;
    }

    private async Task<(long Writes, long Triggers, long Alarms, long Dead, double OldestMs)> ReadAsync()
    {
        await using var source = NpgsqlDataSource.Create(servers.Postgres);
        await using var command = source.CreateCommand($"""
            select (select n_tup_upd from pg_stat_user_tables where schemaname = 'sagaflow' and relname = 'activity'),
                (select coalesce(sum(due_version), 0)::bigint from sagaflow.activity),
                (select count(*) from sagaflow.activity where status <> 'Started'),
                (select coalesce(max(extract(epoch from clock_timestamp() - last_heartbeat_at)) * 1000, 0)::float8 from sagaflow.activity where status = 'Started')
            """);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), await engine.CountAsync("sagaflow.alarm.triggers"), reader.GetInt64(1), reader.GetInt64(2), reader.GetDouble(3));
    }

    private Dictionary<string, Func<double>> Sources()
    {
        var sources = new Dictionary<string, Func<double>>
        {
            ["engine"] = () => CpuTimes.Of(engine.Id),
            ["beater"] = () => CpuTimes.Of(Environment.ProcessId),
        };
        if (servers is { PostgresId: { } postgres, RabbitMqId: { } rabbitMq })
        {
            sources["postgres"] = () => CpuTimes.OfFamily(postgres);
            sources["rabbitmq"] = () => CpuTimes.OfFamily(rabbitMq);
        }

        return sources;
    }
}
