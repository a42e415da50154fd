using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Storage;
using SagaFlow.Storage.Sqlite;

namespace SagaFlow.Tests.Storage;

/// <summary>A SQLite store in a temporary folder that goes with it.</summary>
internal sealed class SqliteStoreFixture : StoreFixture
{
    private readonly ServiceProvider _services;
    private readonly TemporaryFolder? _ownFolder;

    private SqliteStoreFixture(string file, TimeProvider time, TemporaryFolder? ownFolder)
    {
        File = file;
        _ownFolder = ownFolder;
        _services = new ServiceCollection()
            .AddSingleton(time)
            .AddSqliteStore(file)
            .AddSingleton(_ => new SqliteDatabase(file, time, Statements.Enqueue))
            .BuildServiceProvider();
    }

    public string File { get; }

    /// <summary>Every statement of the hot path, in order.</summary>
    public ConcurrentQueue<string> Statements { get; } = [];

    public override IWorkflowStore Store => _services.GetRequiredService<IWorkflowStore>();
    public override IWorkflowReader Reader => _services.GetRequiredService<IWorkflowReader>();
    public override IAlarmStore Alarms => _services.GetRequiredService<IAlarmStore>();
    public override IOutbox Outbox => _services.GetRequiredService<IOutbox>();
    public override IQuarantine Quarantine => _services.GetRequiredService<IQuarantine>();
    public override IEngineRegister Engines => _services.GetRequiredService<IEngineRegister>();
    public override IStoreSchema Schema => _services.GetRequiredService<IStoreSchema>();

    public SqliteDatabase Database => _services.GetRequiredService<SqliteDatabase>();

    /// <summary>A prepared store in a folder of its own.</summary>
    public static async Task<SqliteStoreFixture> CreateAsync()
    {
        var folder = new TemporaryFolder();
        var fixture = new SqliteStoreFixture(folder.File("flow.db"), TimeProvider.System, folder);
        await fixture.Schema.PrepareAsync(default);
        return fixture;
    }

    /// <summary>A store on a file of the caller's, not prepared yet.</summary>
    public static SqliteStoreFixture On(string file, TimeProvider? time = null) => new(file, time ?? TimeProvider.System, ownFolder: null);

    /// <summary>A locked run holds up everybody: the file has one writer.</summary>
    public override async Task<IAsyncDisposable> HoldUpCommitsAsync()
    {
        var locked = new TaskCompletionSource();
        var proceed = new TaskCompletionSource();
        var run = Store.RunLockedAsync(new LoadKey(Guid.Empty), HoldAsync, default);
        await locked.Task;
        return new Held(proceed, run);

        async Task<ChangeSet?> HoldAsync(Loaded loaded)
        {
            locked.SetResult();
            await proceed.Task;
            return null;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _ownFolder?.Dispose();
    }

    private sealed class Held(TaskCompletionSource proceed, Task run) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            proceed.SetResult();
            await run;
        }
    }
}
