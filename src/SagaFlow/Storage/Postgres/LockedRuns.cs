using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>Runs messages that keep losing: lock, load, decide and commit on a connection of their own, beside the committer.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is disposed never wakes who waits at it; it holds nothing else.")]
internal sealed class LockedRuns(PostgresDatabase database, TimeProvider time)
{
    // Messages of one workflow take turns before they come here: these are so many workflows at once, and so many connections.
    private const int MostAtOnce = 16;
    private const int MostTries = 5;

    // The author's code runs while the lock is held; a session that stands still for longer is ended by the server, and its lock with it.
    private const string Begin = """
        select set_config('lock_timeout', '10s', true), set_config('statement_timeout', '15s', true),
            set_config('idle_in_transaction_session_timeout', '60s', true)
        """;

    private readonly LoadStatement _load = new(database.Schema);
    private readonly CommitStatement _commit = new(database.Schema);
    private readonly SemaphoreSlim _places = new(MostAtOnce, MostAtOnce);

    public async Task<CommitResult> RunAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return await RunOnceAsync(key, decide, cancellationToken);
                }
                catch (PostgresException e) when (PostgresErrors.Judge(e) == Trouble.Collision && tries < MostTries)
                {
                    // Another engine's batch was in the way; everything is read and decided anew.
                }
            }
        }
        catch (PostgresException e) when (PostgresErrors.Judge(e) is Trouble.Refused or Trouble.Collision)
        {
            throw PostgresErrors.Refused(key.WorkflowId, e);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task<CommitResult> RunOnceAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, key, cancellationToken);
        var loaded = await _load.ReadInTransactionAsync(connection, [key]);
        if (await decide(loaded[0]) is not { } changes)
        {
            return CommitResult.Committed;
        }

        var rows = new BatchRows();
        new ChangeSetRows(changes).AddTo(rows, 0);
        await using var command = _commit.Create(connection, transaction);
        _commit.Fill(command, rows, committer: null, batch: null);
        var letters = (string)(await command.ExecuteScalarAsync(CancellationToken.None))!;
        var result = CommitStatement.ResultOf(letters[0]);
        return result is CommitResult.Committed or CommitResult.CommittedAndMet ? await CommitAsync(transaction, result) : result;
    }

    // The advisory lock comes first: of a workflow that does not exist yet there is no row to lock. A message of the workflow's own
    // may end it and close whatever is open, which must not move meanwhile; one of an activity locks that activity alone.
    private async Task LockAsync(NpgsqlConnection connection, LoadKey key, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Begin),
                new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))")
                {
                    Parameters = { new() { Value = $"{database.Schema}/{key.WorkflowId:N}" } },
                },
                new NpgsqlBatchCommand($"select 1 from {database.Schema}.workflow where id = $1 for no key update")
                {
                    Parameters = { new() { Value = key.WorkflowId } },
                },
            },
        };
        var activities = new NpgsqlBatchCommand($"select 1 from {database.Schema}.activity where workflow_id = $1 and {(
            key.ActivityId is null ? "status in ('Scheduled', 'Started', 'BackingOff')" : "id = $2")} order by id for no key update")
        {
            Parameters = { new() { Value = key.WorkflowId } },
        };
        if (key.ActivityId is { } activityId)
        {
            activities.Parameters.Add(new() { Value = activityId });
        }

        batch.BatchCommands.Add(activities);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // From here on nothing is cancelled: a commit under way is finished, and its outcome is found out.
    private async Task<CommitResult> CommitAsync(NpgsqlTransaction transaction, CommitResult result)
    {
        await using var name = new NpgsqlCommand("select pg_current_xact_id()::text", transaction.Connection, transaction);
        var id = (string)(await name.ExecuteScalarAsync())!;
        try
        {
            await transaction.CommitAsync();
            return result;
        }
        catch (Exception e) when (PostgresErrors.Judge(e) == Trouble.Lost)
        {
            return await HasCommittedAsync(id) ? result : CommitResult.Conflict;
        }
    }

    private async Task<bool> HasCommittedAsync(string id)
    {
        for (var pause = TimeSpan.FromMilliseconds(50); ; pause *= 2)
        {
            try
            {
                await using var command = database.Source.CreateCommand("select pg_xact_status($1::xid8)");
                command.Parameters.Add(new() { Value = id, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
                if (await command.ExecuteScalarAsync() is string status and not "in progress")
                {
                    return status == "committed";
                }
            }
            catch (NpgsqlException) when (pause < TimeSpan.FromSeconds(10))
            {
                // Asked again: the answer matters.
            }

            await Task.Delay(pause, time);
        }
    }
}
