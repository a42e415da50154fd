namespace SagaFlow.Storage.Sqlite;

/// <summary>One caller's share of a transaction: kept whole or undone whole, without its neighbours.</summary>
internal abstract class WriteUnit
{
    /// <summary>Writes; whether the writes are kept.</summary>
    public abstract bool Apply(SqliteSession session);

    /// <summary>Remembers why the writes were undone, until the transaction of the neighbours is over.</summary>
    public abstract void Refuse(Exception error);

    /// <summary>Tells the caller what became of it. Called when its transaction is durable.</summary>
    public abstract void Complete();
}

/// <summary>A unit with a result.</summary>
/// <param name="work">Writes and answers. It may run again when its transaction is lost, so it must depend on nothing but the database.</param>
/// <param name="keeps">Whether the writes that led to this answer are kept.</param>
internal sealed class WriteUnit<T>(Func<SqliteSession, T> work, Func<T, bool> keeps) : WriteUnit
{
    // The caller's continuation must not run on the committer: it would hold up everybody behind it.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private Exception? _error;

    public Task<T> Completion => _completion.Task;

    public override bool Apply(SqliteSession session)
    {
        _error = null;
        _result = work(session);
        return keeps(_result);
    }

    public override void Refuse(Exception error) => _error = error;

    public override void Complete()
    {
        if (_error is null)
        {
            _completion.TrySetResult(_result);
        }
        else
        {
            _completion.TrySetException(_error);
        }
    }
}
