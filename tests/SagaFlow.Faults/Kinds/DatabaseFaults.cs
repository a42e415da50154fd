using Npgsql;

namespace SagaFlow.Faults.Kinds;

/// <summary>Faults of the database and of the way to it.</summary>
internal static class DatabaseFaults
{
    public static IEnumerable<FaultKind> All =>
    [
        new("database restarted", Lane.Database, (fleet, random) => RestartAsync(fleet, random, "fast")),
        new("database crashed", Lane.Database, (fleet, random) => RestartAsync(fleet, random, "immediate")),
        new("database's process killed", Lane.Database, KillBackendAsync),
        new("database ended every session", Lane.Database, EndSessionsAsync),
        new("table locked", Lane.Database, LockAsync),
        new("database out of connections", Lane.Database, FillAsync),
        new("database frozen", Lane.Database, FreezeAsync),
        new("connection lost after a commit", Lane.Database, LoseReplyAsync) { Also = [Lane.FirstEngine] },
        .. Database.MayFillDisk ? new FaultKind[] { new("database's disk full", Lane.Database, FillDiskAsync) } : [],
    ];

    [Trait("Req", "REL-D1")]
    [Trait("Req", "P15")]
    private static async Task<string?> RestartAsync(Deployment fleet, Random random, string mode)
    {
        var before = await StartedAtAsync(fleet);
        try
        {
            await fleet.Database.ControlAsync($"stop --mode {mode}");
            var isAway = !await fleet.Database.AnswersAsync();
            await Task.Delay(TimeSpan.FromSeconds(random.Next(0, 4)));
            return isAway ? $"it refused a client; it ran since {before}" : null;
        }
        finally
        {
            await Patience.UntilAsync(fleet.Database.StartAgainAsync, "the database starts");
        }
    }

    // The server takes the end of one process for damage to memory they share: it ends all and recovers.
    [Trait("Req", "REL-D1")]
    private static async Task<string?> KillBackendAsync(Deployment fleet, Random random)
    {
        await using var own = await fleet.Database.OpenAsync();
        var pids = await fleet.Database.RowsAsync("select pid from pg_stat_activity where backend_type = 'client backend' and application_name = '' and pid <> pg_backend_pid()");
        await Shell.RunAsync("kill", "-KILL", pids[random.Next(pids.Count)][0]);
        var isLost = await Patience.HoldsWithinAsync(() => IsLostAsync(own), 10);
        await Patience.UntilAsync(fleet.Database.AnswersAsync, "the database has recovered");
        return isLost ? "every session was lost" : null;
    }

    private static async Task<string?> EndSessionsAsync(Deployment fleet, Random random)
    {
        var ended = await fleet.Database.ReadAsync<long>(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()");
        return ended > 0 ? $"{ended} sessions" : null;
    }

    [Trait("Req", "REL-D7")]
    private static async Task<string?> LockAsync(Deployment fleet, Random random)
    {
        var table = new[] { "activity", "workflow", "outbox", "history" }[random.Next(4)];
        await using var connection = await fleet.Database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"set local lock_timeout = '10s'; lock table sagaflow.{table} in access exclusive mode", connection, transaction);
        await command.ExecuteNonQueryAsync();
        var isWaitedFor = await Patience.HoldsWithinAsync(() => IsWaitedForAsync(connection), 8);
        await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 8)));
        return isWaitedFor ? $"others waited for {table}" : null;
    }

    [Trait("Req", "REL-D5")]
    private static async Task<string?> FillAsync(Deployment fleet, Random random)
    {
        var held = new List<NpgsqlConnection>();
        try
        {
            while (true)
            {
                held.Add(await fleet.Database.OpenAsync());
                if (held.Count == 2)
                {
                    // Those who have a session lose it, and must ask for one while there is none.
                    await using var end = new NpgsqlCommand(
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity where backend_type = 'client backend' and pid <> all($1)", held[0]);
                    end.Parameters.AddWithValue(held.Select(x => x.ProcessID).ToArray());
                    await end.ExecuteNonQueryAsync();
                }
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.Next(2, 6)));
            return $"none left after {held.Count}";
        }
        finally
        {
            foreach (var connection in held)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<string?> FreezeAsync(Deployment fleet, Random random)
    {
        await fleet.Database.SignalAllAsync("STOP");
        var isSilent = !await fleet.Database.AnswersAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(0, 8)));
        await fleet.Database.SignalAllAsync("CONT");
        return isSilent ? "a client got no answer" : null;
    }

    // The server ends itself when it cannot write its log, and cannot recover before there is space.
    [Trait("Req", "REL-D6")]
    private static async Task<string?> FillDiskAsync(Deployment fleet, Random random)
    {
        try
        {
            await fleet.Database.FillDiskAsync(full: true);
            var refused = await RefusalAsync(fleet);
            await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 6)));
            return refused;
        }
        finally
        {
            await fleet.Database.FillDiskAsync(full: false);
            await Patience.UntilAsync(fleet.Database.StartAgainAsync, "the database starts");
        }
    }

    private static async Task<string?> RefusalAsync(Deployment fleet)
    {
        try
        {
            await fleet.Database.ReadAsync<long>("create table public.filler as select repeat('x', 1000) from generate_series(1, 100000); select 1::bigint");
            return null;
        }
        catch (PostgresException exception)
        {
            return exception.MessageText;
        }
        catch (NpgsqlException exception)
        {
            return $"the server was lost: {exception.Message}";
        }
    }

    [Trait("Req", "REL-C4")]
    private static async Task<string?> LoseReplyAsync(Deployment fleet, Random random)
    {
        await fleet.Engines[0].ReadyAsync();
        var before = fleet.DatabaseNetwork.Faults;
        fleet.DatabaseNetwork.LoseNextMarkedReply();
        var isLost = await Patience.HoldsWithinAsync(() => Task.FromResult(fleet.DatabaseNetwork.Faults > before), 40);
        return isLost ? "a commit's reply was lost" : null;
    }

    private static Task<string> StartedAtAsync(Deployment fleet) => fleet.Database.ReadAsync<string>("select pg_postmaster_start_time()::text");

    private static async Task<bool> IsLostAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync();
            return false;
        }
        catch (Exception)
        {
            return true;
        }
    }

    private static async Task<bool> IsWaitedForAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select exists (select 1 from pg_locks where not granted and relation is not null)", connection);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}
