using System.Globalization;
using Npgsql;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Broker;
using SagaFlow.Benchmarks.Processes;
using SagaFlow.Benchmarks.Servers;

namespace SagaFlow.Benchmarks.Timers;

/// <summary>Measures how late deadlines come that are due at a steady rate, and whether any comes early.</summary>
internal sealed class TimersCommand(ControlCaller caller, int count, int perSecond)
{
    private const string WorkflowType = "timed";
    private const int StartsAtOnce = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Enough for a slow machine to start as many as fall due in a second.
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(10);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    public static async Task<int> RunAsync(string? postgres, string? rabbitMq, int count, int perSecond)
    {
        await using var servers = await PrivateServers.StartAsync(postgres, rabbitMq);
        await using var engine = await RoleProcess.StartAsync($"{Names.SagaFlow}-engine", servers.Postgres, servers.RabbitMq);
        await using var broker = await RawBroker.OpenAsync(servers.RabbitMq, "driver");
        var command = new TimersCommand(await ControlCaller.OpenAsync(broker), count, perSecond);
        await command.WarmAsync();
        var seen = await command.MeasureAsync();
        await command.PrintAsync(servers.Postgres, seen);
        return 0;
    }

    // Two hundred that are due at once.
    private Task WarmAsync() => Task.WhenAll(Enumerable.Range(0, StartsAtOnce).Select(i => RunOneAsync(Key("warm", i), DateTimeOffset.UtcNow)));

    private async Task<List<TimeSpan>> MeasureAsync()
    {
        // All are stored before the first is due, if they can be started at twice the rate at which they are due.
        var first = DateTimeOffset.UtcNow + Lead + TimeSpan.FromSeconds(count / 2.0 / perSecond);
        using var room = new SemaphoreSlim(StartsAtOnce);
        return [.. await Task.WhenAll(Enumerable.Range(0, count).Select(i => RunOneAsync(Key("due", i), first + TimeSpan.FromSeconds((double)i / perSecond), room)))];
    }

    /// <summary>Runs one workflow.</summary>
    /// <returns>How long after its deadline its caller heard of the end.</returns>
    private async Task<TimeSpan> RunOneAsync(string key, DateTimeOffset dueAt, SemaphoreSlim? room = null)
    {
        await (room?.WaitAsync() ?? Task.CompletedTask);
        await caller.StartAsync(Control, key + "s", WorkflowType, $$"""{"key":"{{key}}","dueAt":"{{dueAt:O}}"}""", Patience);
        room?.Release();
        var rest = dueAt - DateTimeOffset.UtcNow - TimeSpan.FromSeconds(2);
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        var query = $$"""{"kind":"query","workflowType":"{{WorkflowType}}","businessKey":"{{key}}","what":"result","waitMs":30000}""";
        await caller.AskAsync(Control, key + "r", query, Patience);
        return DateTimeOffset.UtcNow - dueAt;
    }

    private async Task PrintAsync(string postgres, List<TimeSpan> seen)
    {
        // The instant at which the engine decided, by the database's clock, against the instant that was asked for.
        await using var source = NpgsqlDataSource.Create(postgres);
        await using var command = source.CreateCommand($"""
            select extract(epoch from w.closed_at - (h.data::json->'input'->>'dueAt')::timestamptz)::float8, (h.data::json->'input'->>'dueAt')::timestamptz due
            from sagaflow.workflow w join sagaflow.history h on h.workflow_id = w.id and h.kind = 'WorkflowStarted'
            where w.business_key like '{Key("due", 0)[..^1]}%' and w.closed_at is not null order by due
            """);
        var decided = new List<TimeSpan>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                decided.Add(TimeSpan.FromSeconds(reader.GetDouble(0)));
            }
        }

        foreach (var (second, late) in decided.Chunk(perSecond).Index())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  second {second}: p50 {Quantile.Of(late, 0.5):F1} ms, longest {late.Max().TotalMilliseconds:F1} ms"));
        }

        Print("deadline -> decided", decided);
        Print("deadline -> its caller knows", seen);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"early: {decided.Count(x => x < TimeSpan.Zero)} of {decided.Count}"));
    }

    private void Print(string what, List<TimeSpan> late) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}: {late.Count} at {perSecond}/s, p50 {Quantile.Of(late, 0.5):F1} ms, p99 {Quantile.Of(late, 0.99):F1} ms, longest {late.Max().TotalMilliseconds:F1} ms"));

    private static string Control => new Names(Names.SagaFlow).Control;

    private string Key(string kind, int i) => string.Create(CultureInfo.InvariantCulture, $"{_run}-{kind}-{i}");
}
