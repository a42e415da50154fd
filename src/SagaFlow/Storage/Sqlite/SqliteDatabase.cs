using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SagaFlow.Storage.Sqlite;

/// <summary>One database file: its lock, its connections, its writer.</summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    // A damaged page is found at start rather than in the middle of a workflow, but not at the price of a start that takes minutes.
    private const long LargestCheckedFile = 256L * 1024 * 1024;

    private readonly Lock _opening = new();
    private readonly Action<string>? _observe;
    private readonly bool _durable;
    private readonly string _connectionString;
    private readonly string _queryConnectionString;
    private SqliteFileLock? _lock;
    private bool _disposed;

    /// <summary>Names a database file; nothing is opened or created yet.</summary>
    /// <param name="file">Its path; a relative one counts from the working directory.</param>
    /// <param name="time">Paces the retries while another connection is writing.</param>
    /// <param name="observe">Told every statement of the hot path before it runs.</param>
    /// <param name="durable">Whether a commit waits for the disk; without it, it outlives the engine but not the machine.</param>
    public SqliteDatabase(string file, TimeProvider time, Action<string>? observe = null, bool durable = true)
    {
        // Two names of one file must not get two locks.
        var named = new FileInfo(Path.GetFullPath(file));
        File = named.LinkTarget is null ? named.FullName : named.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        _observe = observe;
        _durable = durable;

        // Our own sessions are kept open with their prepared statements; only EF Core's connections need the pool.
        _connectionString = ConnectionString(pooling: false);
        _queryConnectionString = ConnectionString(pooling: true);
        QueryOptions = new DbContextOptionsBuilder<SagaFlowDbContext>().UseSqlite(_queryConnectionString).Options;
        Readers = new SqliteReaders(OpenSession);
        Writer = new SqliteWriter(OpenSession, time);
    }

    /// <summary>Gets the full path of the database.</summary>
    public string File { get; }

    /// <summary>Gets the options of <see cref="SagaFlowDbContext"/> for this file.</summary>
    public DbContextOptions<SagaFlowDbContext> QueryOptions { get; }

    public SqliteReaders Readers { get; }

    public SqliteWriter Writer { get; }

    /// <summary>Takes the lock, creates the file when there is none, and checks it. Doing so again changes nothing.</summary>
    /// <exception cref="Contracts.SagaFlowException">Another engine has the file, or it cannot be used: the message says why.</exception>
    public void Open()
    {
        lock (_opening)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_lock is not null)
            {
                return;
            }

            var taken = SqliteFileLock.Take(File);
            try
            {
                CheckFile();
                _lock = taken;
            }
            catch (SqliteException e)
            {
                taken.Dispose();
                throw SqliteErrors.Describe(File, e);
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
    }

    /// <summary>Finishes what is queued, then releases the file.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_opening)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        await Writer.DisposeAsync();
        Readers.Dispose();
        using (var pooled = new SqliteConnection(_queryConnectionString))
        {
            SqliteConnection.ClearPool(pooled);
        }

        _lock?.Dispose();
    }

    private void CheckFile()
    {
        // SQLite would take the log of a lost file for garbage, delete it, and begin an empty database without a word.
        if (Length(File) == 0 && Length($"{File}-wal") > 0)
        {
            throw SqliteErrors.LogWithoutDatabase(File);
        }

        using var session = new SqliteSession(OpenConnection(), observe: null);
        if (Length(File) is > 0 and <= LargestCheckedFile
            && session.Query("pragma quick_check(1)", row => row.Text()) is [var finding] && finding != "ok")
        {
            throw SqliteErrors.Damaged(File, finding.ReplaceLineEndings(" "));
        }

        // Fails on a file that can be read but not written.
        session.Execute("begin immediate");
        session.Execute("rollback");
    }

    private SqliteSession OpenSession()
    {
        if (_lock is null)
        {
            throw new InvalidOperationException($"SQLite database '{File}' is not open yet: call {nameof(IStoreSchema)}.{nameof(IStoreSchema.PrepareAsync)} first.");
        }

        return new SqliteSession(OpenConnection(), _observe);
    }

    private SqliteConnection OpenConnection()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using var pragmas = connection.CreateCommand();

            // FULL syncs the log at every commit: what was committed outlives kill -9 and a power loss. NORMAL outlives only the first.
            // Rows name each other by id, never by foreign key: the tables of one change set may then be written in any order.
            pragmas.CommandText = $"""
                pragma busy_timeout = 1000;
                pragma journal_mode = wal;
                pragma synchronous = {(_durable ? "full" : "off")};
                pragma foreign_keys = off;
                pragma journal_size_limit = 67108864;
                """;
            pragmas.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private string ConnectionString(bool pooling) => new SqliteConnectionStringBuilder
    {
        DataSource = File,
        Pooling = pooling,
        ForeignKeys = false,

        // Short, because the client library waits by blocking a thread; the writer goes on waiting without one.
        DefaultTimeout = 1,
    }.ToString();

    private static long Length(string file) => System.IO.File.Exists(file) ? new FileInfo(file).Length : 0;
}
