using Microsoft.Data.Sqlite;
using SagaFlow.Contracts;
using SQLitePCL;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Says in one line what is wrong with a database file, and which errors pass by themselves.</summary>
internal static class SqliteErrors
{
    /// <summary>Whether another connection held the file for a moment, so that the same statement will succeed later.</summary>
    public static bool IsBusy(Exception error) =>
        error is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    public static SagaFlowException InUse(string file, Exception? cause = null) =>
        new($"SQLite supports one engine: '{file}' is in use by another process. Stop it, give this engine its own file, or use PostgreSQL.", cause);

    public static SagaFlowException NotWritable(string file, Exception cause) =>
        new($"SQLite database '{file}' cannot be opened for writing ({cause.Message}). Check that its directory exists and that this process may write there.", cause);

    public static SagaFlowException Damaged(string file, string finding, Exception? cause = null) =>
        new($"SQLite database '{file}' is damaged or is no SQLite database ({finding}). Restore it from a backup, or name another file. Nothing was changed.", cause);

    public static SagaFlowException LogWithoutDatabase(string file) =>
        new($"SQLite database '{file}' is missing or empty, but its write-ahead log '{file}-wal' holds data. Restore the database file, or move the log away to begin anew.");

    public static SagaFlowException Newer(string file, int found, int known) =>
        new($"SQLite database '{file}' has schema version {found}; this engine knows versions up to {known}. Use a newer SagaFlow, or name another file. Nothing was changed.");

    /// <summary>Puts an error of opening a file into one line.</summary>
    public static SagaFlowException Describe(string file, SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => Damaged(file, error.Message, error),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => InUse(file, error),
        raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_IOERR or raw.SQLITE_FULL => NotWritable(file, error),
        _ => new SagaFlowException($"SQLite database '{file}' cannot be prepared ({error.Message}). Nothing was changed.", error),
    };
}
