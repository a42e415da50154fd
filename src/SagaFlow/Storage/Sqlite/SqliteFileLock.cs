namespace SagaFlow.Storage.Sqlite;

/// <summary>Keeps a second engine away from a database, for the life of the store. The system releases it at kill -9.</summary>
/// <remarks>It is a file of its own beside the database: closing another handle of the database file itself would drop
/// the locks that SQLite holds on it. The file stays when the lock is released, since removing it would race with the next holder.</remarks>
internal sealed class SqliteFileLock : IDisposable
{
    private readonly FileStream _file;

    private SqliteFileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock or says who has it.</summary>
    /// <exception cref="Contracts.SagaFlowException">Another process has the database, or the directory cannot be written.</exception>
    public static SqliteFileLock Take(string database)
    {
        try
        {
            return new SqliteFileLock(new FileStream($"{database}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsHeldElsewhere(e))
        {
            throw SqliteErrors.InUse(database, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteErrors.NotWritable(database, e);
        }
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of flock on Linux and macOS, and the sharing violation of Windows: .NET has no exception type of its own for it.
    private static bool IsHeldElsewhere(IOException error) => error.HResult is 11 or 35 or unchecked((int)0x80070020);
}
