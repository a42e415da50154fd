using Microsoft.Data.Sqlite;
using SagaFlow.Storage;
using SagaFlow.Storage.Sqlite;

namespace SagaFlow.Tests.Storage;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private SqliteStoreFixture _flow = null!;

    public async Task InitializeAsync()
    {
        _flow = await SqliteStoreFixture.CreateAsync();
        await _flow.CommitAsync(Records.Start(Records.Id(100)));
    }

    public async Task DisposeAsync() => await _flow.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(19)]
    public async Task One_bad_caller_of_twenty_in_one_transaction_fails_alone(int bad)
    {
        var calls = new List<Task<CommitResult>>();
        await WhileNobodyElseWritesAsync(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var sameOutgoing = Records.Outgoing(i == bad ? Records.Id(100) : Records.Id(i), Records.Id(i));
                calls.Add(_flow.CommitAsync(Records.Start(Records.Id(i)) with { Outgoing = [sameOutgoing] }));
            }
        });

        var outcomes = await Task.WhenAll(calls.Select(call => Record.ExceptionAsync(() => call)));

        Assert.Equal(1, CountTransactions());
        Assert.IsType<SqliteException>(Assert.Single(outcomes, outcome => outcome is not null));
        Assert.NotNull(outcomes[bad]);
        Assert.Null(await _flow.FindAsync(Records.Id(bad)));
        Assert.Equal(20, Assert.Single(await _flow.Reader.CountRunningStatesAsync(default)).Count);
    }

    [Fact]
    public async Task When_a_transaction_is_lost_its_neighbours_are_written_all_the_same()
    {
        var calls = new List<Task<CommitResult>>();
        Task<int> culprit = null!;
        await WhileNobodyElseWritesAsync(() =>
        {
            calls.Add(_flow.CommitAsync(Records.Start(Records.Id(1))));

            // What SQLite does by itself when the disk is full.
            culprit = _flow.Database.Writer.WriteAsync<int>(session => throw Lose(session), default);
            calls.Add(_flow.CommitAsync(Records.Start(Records.Id(2))));
        });

        Assert.Equal([CommitResult.Committed, CommitResult.Committed], await Task.WhenAll(calls));
        await Assert.ThrowsAsync<IOException>(() => culprit);
        Assert.Equal(3, Assert.Single(await _flow.Reader.CountRunningStatesAsync(default)).Count);

        static IOException Lose(SqliteSession session)
        {
            session.Execute("rollback");
            return new IOException("Disk full");
        }
    }

    [Fact]
    public async Task More_units_than_one_batch_holds_are_all_written()
    {
        Task<IReadOnlyList<CommitResult>> call = null!;
        await WhileNobodyElseWritesAsync(
            () => call = _flow.Store.CommitAsync([.. Enumerable.Range(1000, 300).Select(i => Records.Start(Records.Id(i)))], default));

        Assert.All(await call, result => Assert.Equal(CommitResult.Committed, result));
        Assert.Equal(3, CountTransactions());
    }

    [Fact]
    [Trait("Req", "REL-D8")]
    public async Task A_writer_that_finds_the_file_busy_waits_for_its_turn()
    {
        using var folder = new TemporaryFolder();
        var time = new ImmediateTime();
        await using var flow = SqliteStoreFixture.On(folder.File("flow.db"), time);
        await flow.Schema.PrepareAsync(default);
        using var other = new SqliteConnection($"Data Source={flow.File};Pooling=False");
        other.Open();
        Run(other, "begin immediate");
        time.OnWait = () => Run(other, "rollback");

        var result = await flow.CommitAsync(Records.Start(Records.Id(1)));

        Assert.Equal((CommitResult.Committed, 1), (result, time.Waits));
    }

    [Fact]
    public async Task A_file_that_stays_busy_fails_its_callers_after_ten_tries_and_the_writer_goes_on()
    {
        var time = new ImmediateTime();
        var tries = 0;
        await using var writer = new SqliteWriter(OpenAfterTenTries, time);

        var error = await Assert.ThrowsAsync<SqliteException>(() => writer.WriteAsync(_ => 1, default));
        var next = await writer.WriteAsync(_ => 2, default);

        Assert.True(SqliteErrors.IsBusy(error));
        Assert.Equal((2, 9), (next, time.Waits));

        SqliteSession OpenAfterTenTries() => ++tries <= 10 ? throw new SqliteException("busy", 5) : OpenInMemory();
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_fails_its_callers_and_the_writer_goes_on()
    {
        var tries = 0;
        await using var writer = new SqliteWriter(() => ++tries == 1 ? throw new IOException("gone") : OpenInMemory(), TimeProvider.System);

        await Assert.ThrowsAsync<IOException>(() => writer.WriteAsync(_ => 1, default));

        Assert.Equal(2, await writer.WriteAsync(_ => 2, default));
    }

    [Fact]
    public async Task Closing_the_store_writes_what_is_queued_and_refuses_what_comes_later()
    {
        using var folder = new TemporaryFolder();
        var flow = SqliteStoreFixture.On(folder.File("flow.db"));
        await flow.Schema.PrepareAsync(default);
        var (store, writer) = (flow.Store, flow.Database.Writer);
        var commits = Enumerable.Range(0, 50).Select(i => flow.CommitAsync(Records.Start(Records.Id(i)))).ToArray();

        await flow.DisposeAsync();

        Assert.All(await Task.WhenAll(commits), result => Assert.Equal(CommitResult.Committed, result));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.CommitAsync([Records.Start(Records.Id(60))], default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.LoadAsync([new LoadKey(Records.Id(1))], default));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writer.RunAloneAsync(_ => Task.FromResult((1, true)), default));
    }

    // Everything that is queued meanwhile waits, and so shares the next transaction.
    private async Task WhileNobodyElseWritesAsync(Action queue)
    {
        await _flow.Database.Writer.RunAloneAsync(
            _ =>
            {
                _flow.Statements.Clear();
                queue();
                return Task.FromResult((0, Keep: false));
            },
            default);
    }

    private int CountTransactions() => _flow.Statements.Count(sql => sql == "begin immediate");

    private static SqliteSession OpenInMemory()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return new SqliteSession(connection, observe: null);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Time in which every wait is over at once, and counted.</summary>
    private sealed class ImmediateTime : TimeProvider
    {
        public int Waits { get; private set; }

        public Action? OnWait { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits++;
            OnWait?.Invoke();
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
