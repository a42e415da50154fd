using System.Globalization;
using Npgsql;

namespace SagaFlow.Faults.Servers;

/// <summary>A PostgreSQL server of the run's own, which it may break. It has few connections to give.</summary>
internal sealed class Database : IAsyncDisposable
{
    private const int Connections = 50;

    private readonly string _folder;

    private readonly bool _isMounted;

    private Database(string connectionString, string folder, bool isMounted) => (ConnectionString, _folder, _isMounted) = (connectionString, folder, isMounted);

    public string ConnectionString { get; }

    /// <summary>Whether this user may give the server a disk of its own, which can be filled.</summary>
    public static bool MayFillDisk => Environment.UserName == "root";

    private string Data => Path.Combine(_folder, "postgres", "data");

    public static async Task<Database> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sagaflow-faults-").FullName;
        if (MayFillDisk)
        {
            await Shell.RunAsync("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", folder);
        }

        var output = await Shell.ServersAsync($"start_postgres '{folder}' 1>&2 && echo \"$SAGAFLOW_TEST_POSTGRES\"");
        var database = new Database(output.Trim().Split('\n')[^1] + ";Timeout=5;Maximum Pool Size=14", folder, MayFillDisk);
        await database.KeepOptionsAsync();

        // Not restarted: that would keep the options of the command line, which are stronger than those of the file.
        await database.ControlAsync("stop --mode fast");
        await database.ControlAsync("start");
        return database;
    }

    /// <summary>Runs <c>pg_ctl</c> and waits.</summary>
    public Task ControlAsync(string what) => Shell.ServersAsync(
        $"as_postgres \"$(postgres_bin)/pg_ctl\" {what} --wait --silent --timeout 60 --pgdata {Data} --log {Data}/../server.log > /dev/null 2>&1 < /dev/null");

    /// <summary>Leaves nothing free of the server's disk, or gives back what was taken.</summary>
    public async Task FillDiskAsync(bool full)
    {
        if (full)
        {
            // The end of the space is the end of the copy.
            await Shell.RunAsync("bash", "-c", $"cat /dev/zero > '{_folder}/filler' 2> /dev/null || true");
        }
        else
        {
            File.Delete(Path.Combine(_folder, "filler"));
        }
    }

    /// <summary>Starts the server, unless it runs.</summary>
    /// <returns>Whether it answers.</returns>
    public async Task<bool> StartAgainAsync()
    {
        if (await AnswersAsync())
        {
            return true;
        }

        try
        {
            await ControlAsync("start");
        }
        catch (InvalidOperationException)
        {
            // It is starting already, or it recovers; whether it answers in the end is what counts.
        }

        return await AnswersAsync();
    }

    /// <summary>Signals the server and everything that it has started.</summary>
    public async Task SignalAllAsync(string signal)
    {
        var pids = new List<int> { PostmasterPid };
        pids.AddRange(Directory.EnumerateDirectories("/proc").Select(x => Path.GetFileName(x)).Where(x => int.TryParse(x, out _)).Select(int.Parse).Where(x => ParentOf(x) == pids[0]));
        await Shell.RunAsync("bash", "-c", $"kill -{signal} {string.Join(' ', pids)} || true");
    }

    /// <summary>Opens a connection that is in no pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Timeout = 3, CommandTimeout = 30 }.ConnectionString);
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task<T> ReadAsync<T>(string text)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Reads rows of texts.</summary>
    public async Task<IReadOnlyList<string[]>> RowsAsync(string text)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(text, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }

    /// <summary>Whether a new client gets an answer.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            return await ReadAsync<int>("select 1") == 1;
        }
        catch (Exception)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await SignalAllAsync("CONT");
        await ControlAsync("stop --mode immediate");
        if (_isMounted)
        {
            await Shell.RunAsync("umount", _folder);
        }

        Directory.Delete(_folder, recursive: true);
    }

    // What the server was started with on its command line, so that any later start has it too.
    private async Task KeepOptionsAsync()
    {
        var port = new NpgsqlConnectionStringBuilder(ConnectionString).Port;
        await using var connection = await OpenAsync();
        foreach (var setting in new[] { $"port = {port}", "listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{_folder}/postgres'", $"max_connections = {Connections}", "max_wal_size = '192MB'" })
        {
            await using var command = new NpgsqlCommand($"alter system set {setting}", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private int PostmasterPid => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static int ParentOf(int pid)
    {
        try
        {
            // pid (name) state parent …, and the name may hold anything.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
