using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>Commits one batch, whatever happens: again when the database stumbled, in halves when one of the batch is the reason.</summary>
/// <remarks>It is used by one batch at a time and never throws: each unit is answered or refused.</remarks>
internal sealed class BatchRunner(PostgresDatabase database, TimeProvider time, PostgresHealth health) : IAsyncDisposable
{
    private const int MostCollisions = 10;
    private const int MostSlowRuns = 3;

    // A lone row that is locked is found after eight; more in a row mean that a whole table is.
    private const int MostLocksInARow = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PatienceAtTheEnd = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CommitStatement _statement = new(database.Schema);
    private readonly CommitterRegister _register = new(database);
    private CommitSession? _session;
    private long? _committer;
    private long _batch;
    private long _began;
    private int _locksInARow;
    private bool _mayMeetItself;
    private volatile bool _isEnding;

    /// <summary>Waits for a database that is away no longer than a moment from now on.</summary>
    public void End() => _isEnding = true;

    public async Task RunAsync(IReadOnlyList<CommitUnit> units)
    {
        _began = time.GetTimestamp();
        _locksInARow = 0;
        await RunPartAsync(units);
    }

    public async ValueTask DisposeAsync() => await DropSessionAsync();

    private async Task RunPartAsync(IReadOnlyList<CommitUnit> units)
    {
        for (var tries = 1; ; tries++)
        {
            var error = await TryAsync(units);
            if (error is null)
            {
                _locksInARow = 0;
                return;
            }

            switch (Decide(error, units.Count, tries))
            {
                case Step.Again:
                    await PauseAsync(error, tries);
                    break;
                case Step.Split:
                    await RunPartAsync([.. units.Take(units.Count / 2)]);
                    await RunPartAsync([.. units.Skip(units.Count / 2)]);
                    return;
                case Step.Conflict:
                    Each(units, unit => unit.Answer(CommitResult.Conflict));
                    return;
                default:
                    Each(units, unit => unit.Refuse(Describe(unit, error)));
                    return;
            }
        }
    }

    private Step Decide(Exception error, int count, int tries) => PostgresErrors.Judge(error) switch
    {
        // What an engine inserted at the same moment is seen by the next run; what is still in the way then is an error of its own.
        Trouble.Collision when error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } => tries < 2 ? Step.Again : SplitOr(Step.Refuse, count),
        Trouble.Collision => tries < MostCollisions ? Step.Again : SplitOr(Step.Conflict, count),
        Trouble.Locked when _mayMeetItself && tries < MostCollisions => Step.Again,
        Trouble.Locked => ++_locksInARow > MostLocksInARow ? Step.Conflict : SplitOr(Step.Conflict, count),
        Trouble.Slow => tries < MostSlowRuns ? Step.Again : SplitOr(Step.Refuse, count),
        Trouble.Refused => SplitOr(Step.Refuse, count),
        _ => time.GetElapsedTime(_began) < (_isEnding ? PatienceAtTheEnd : Patience) ? Step.Again : Step.Refuse,
    };

    private static Step SplitOr(Step alone, int count) => count > 1 ? Step.Split : alone;

    // Null when every unit was answered.
    private async Task<Exception?> TryAsync(IReadOnlyList<CommitUnit> units)
    {
        var isSent = false;
        try
        {
            _committer ??= await _register.AddAsync();
            _session ??= await CommitSession.OpenAsync(database, _statement);
            isSent = true;
            if (await _session.CommitAsync(RowsOf(units), _committer.Value, ++_batch) is { } letters)
            {
                Answer(units, letters);
                return null;
            }

            _committer = null;
            return new NpgsqlException("The committer's row was removed while it was in use; it is made again.");
        }
        catch (PostgresException error) when (PostgresErrors.Judge(error) != Trouble.Lost)
        {
            return error;
        }
        catch (Exception error)
        {
            await DropSessionAsync();
            return isSent && PostgresErrors.Judge(error) == Trouble.Lost ? await ResolveAsync(units, error) : error;
        }
    }

    private async Task<Exception?> ResolveAsync(IReadOnlyList<CommitUnit> units, Exception error)
    {
        for (var tries = 1; Decide(error, units.Count, tries) == Step.Again; tries++)
        {
            try
            {
                if (await _register.ResolveAsync(_committer!.Value, _batch) is not { } letters)
                {
                    // The server may still run the statement that was given up: it changes nothing, but it holds the committer's row.
                    _mayMeetItself = true;
                    return error;
                }

                Answer(units, letters);
                return null;
            }
            catch (Exception next)
            {
                await PauseAsync(next, tries);
            }
        }

        return error;
    }

    private void Answer(IReadOnlyList<CommitUnit> units, string letters)
    {
        health.NoteChanged();
        _mayMeetItself = false;
        var place = 0;
        foreach (var unit in units)
        {
            unit.Answer(unit.Changes is null ? CommitResult.Committed : CommitStatement.ResultOf(letters[place++]));
        }
    }

    private static BatchRows RowsOf(IReadOnlyList<CommitUnit> units)
    {
        var rows = new BatchRows();
        foreach (var unit in units)
        {
            unit.Changes?.AddTo(rows, rows.Candidates.Count);
            rows.Arrived.AddRange(unit.Arrived);
        }

        return rows;
    }

    private async Task PauseAsync(Exception error, int tries)
    {
        if (PostgresErrors.Judge(error) is Trouble.Collision or Trouble.Locked)
        {
            return;
        }

        health.NoteNotChanged(error);
        var pause = TimeSpan.FromMilliseconds(25 * Math.Pow(2, Math.Min(tries, 10)));
        await Task.Delay(pause < LongestPause ? pause : LongestPause, time);
    }

    // A lasting refusal is the message's own fault and has a name; anything else passes, and the message comes again.
    private static Exception Describe(CommitUnit unit, Exception error) =>
        error is PostgresException refused && PostgresErrors.Judge(refused) is Trouble.Refused or Trouble.Collision && unit.Changes is { } changes
            ? PostgresErrors.Refused(changes.WorkflowId, (PostgresException)error)
            : error;

    private async Task DropSessionAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            try
            {
                await session.DisposeAsync();
            }
            catch (Exception)
            {
                // It is gone already.
            }
        }
    }

    private static void Each(IReadOnlyList<CommitUnit> units, Action<CommitUnit> act)
    {
        foreach (var unit in units)
        {
            act(unit);
        }
    }

    private enum Step
    {
        Again,
        Split,
        Conflict,
        Refuse,
    }
}
