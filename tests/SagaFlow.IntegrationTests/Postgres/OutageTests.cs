using Npgsql;
using SagaFlow.IntegrationTests.Network;
using SagaFlow.Storage;
using SagaFlow.Tests;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>A database that is away, and one that has no connection to give.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const int Away = 1400;
    private const int Back = 1401;

    private PostgresStoreFixture _flow = null!;

    private ChaosProxy Network => _flow.Proxy!;

    public async Task InitializeAsync()
    {
        _flow = await PostgresStoreFixture.CreateBehindProxyAsync();
        await _flow.CommitAsync(Records.Start(Records.Id(100)));
        await _flow.FindAsync(Records.Id(100));
    }

    public async Task DisposeAsync() => await _flow.DisposeAsync();

    [Fact]
    [Trait("Req", "REL-D1")]
    public async Task What_waits_for_a_database_that_is_away_goes_on_when_it_is_back()
    {
        Network.GoDown();
        var commits = Enumerable.Range(0, 50).Select(i => _flow.CommitAsync(Records.Start(Records.Id(i)))).ToList();
        var load = _flow.FindAsync(Records.Id(100));
        await Eventually.HoldsAsync(() => Task.FromResult(_flow.Log.Count(Away) == 1));
        Network.ComeBack();

        Assert.All(await Task.WhenAll(commits), result => Assert.Equal(CommitResult.Committed, result));
        Assert.NotNull(await load);
        Assert.Equal(51, Assert.Single(await _flow.Reader.CountRunningStatesAsync(default)).Count);
    }

    [Fact]
    [Trait("Req", "REL-D1")]
    public async Task An_outage_is_told_once_and_its_end_once()
    {
        Network.GoDown();
        var commits = Enumerable.Range(0, 200).Select(i => _flow.CommitAsync(Records.Start(Records.Id(i)))).ToList();
        var loads = Enumerable.Range(0, 200).Select(i => _flow.FindAsync(Records.Id(i))).ToList();
        await Eventually.HoldsAsync(() => Task.FromResult(_flow.Log.Count(Away) == 1));
        Network.ComeBack();
        await Task.WhenAll(commits);
        await Task.WhenAll(loads);

        Assert.Equal((1, 1), (_flow.Log.Count(Away), _flow.Log.Count(Back)));
    }

    [Fact]
    [Trait("Req", "REL-D1")]
    public async Task All_sessions_that_are_killed_while_many_commit_lose_nothing_and_double_nothing()
    {
        var committed = 0;
        var commits = Task.WhenAll(Enumerable.Range(0, 20).Select(writer => Task.Run(() => StartManyAsync(writer))));
        for (var kills = 1; kills <= 20; kills++)
        {
            await Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref committed) >= kills * 45));
            await PostgresServer.ExecuteAsync(
                $"select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like '%{_flow.SchemaName}%'");
        }

        await commits;

        Assert.Equal(1_001, Assert.Single(await _flow.Reader.CountRunningStatesAsync(default)).Count);
        Assert.Equal(2_002, await _flow.ReadAsync<long>("select count(*) from {0}.history"));

        async Task StartManyAsync(int writer)
        {
            for (var i = 0; i < 50; i++)
            {
                Assert.Equal(CommitResult.Committed, await _flow.CommitAsync(Records.Start(Records.Id(1_000 + (writer * 50) + i))));
                Interlocked.Increment(ref committed);
            }
        }
    }

    [Fact]
    [Trait("Req", "REL-D6")]
    public async Task A_database_that_takes_no_changes_is_told_once_although_it_is_read_meanwhile()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var flow = await PostgresStoreFixture.CreateAsync(database.ConnectionString);
        await flow.CommitAsync(Records.Start(Records.Id(1)));
        await database.TakeChangesAsync(false);

        var commit = flow.CommitAsync(Records.Start(Records.Id(2)));
        await Eventually.HoldsAsync(() => Task.FromResult(flow.Health.TakesNoChanges));
        for (var i = 0; i < 20; i++)
        {
            Assert.NotNull(await flow.FindAsync(Records.Id(1)));
        }

        var (away, back) = (flow.Log.Count(Away), flow.Log.Count(Back));
        await database.TakeChangesAsync(true);

        Assert.Equal(CommitResult.Committed, await commit);
        Assert.Equal((1, 0), (away, back));
        Assert.Equal((1, 1), (flow.Log.Count(Away), flow.Log.Count(Back)));
        Assert.False(flow.Health.TakesNoChanges);
    }

    [Fact]
    [Trait("Req", "REL-D6")]
    public async Task An_idle_engine_learns_that_its_database_takes_no_changes()
    {
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await using var flow = await PostgresStoreFixture.CreateAsync(database.ConnectionString);
        await database.TakeChangesAsync(false);

        // The sessions that have ended are met first.
        await Eventually.HoldsAsync(async () => await Record.ExceptionAsync(() => flow.Engines.SayAliveAsync("engine", Records.Now, default))
            is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction });

        Assert.True(flow.Health.TakesNoChanges);
    }

    [Fact]
    [Trait("Req", "REL-D5")]
    public async Task A_pool_that_is_exhausted_holds_up_neither_commits_nor_loads()
    {
        var five = new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString) { MaxPoolSize = 5, Timeout = 1 }.ConnectionString;
        await using var flow = await PostgresStoreFixture.CreateAsync(five);
        await flow.CommitAsync(Records.Start(Records.Id(1)));
        await flow.FindAsync(Records.Id(1));
        var release = new TaskCompletionSource();

        // The committer and the loader have theirs; these take the other three and wait for more.
        var questions = Enumerable.Range(2, 20).Select(i => flow.Store.RunLockedAsync(
            new LoadKey(Records.Id(i)), async _ => { await release.Task; return null; }, default)).ToList();
        var results = await Task.WhenAll(Enumerable.Range(100, 500).Select(i => flow.CommitAsync(Records.Start(Records.Id(i)))));
        var loaded = await flow.FindAsync(Records.Id(599));
        release.SetResult();

        Assert.All(results, result => Assert.Equal(CommitResult.Committed, result));
        Assert.NotNull(loaded);
        var outcomes = await Task.WhenAll(questions.Select(async question => (await Record.ExceptionAsync(() => question))?.GetType()));
        Assert.All(outcomes, outcome => Assert.True(outcome is null || outcome == typeof(NpgsqlException)));
        Assert.Contains(null, outcomes);
    }

    [Fact]
    public async Task A_store_that_is_closed_while_its_database_is_away_does_not_hang()
    {
        var flow = PostgresStoreFixture.On(_flow.SchemaName, PostgresServer.Over(Network));
        await flow.CommitAsync(Records.Start(Records.Id(1)));
        Network.GoDown();
        var commit = flow.CommitAsync(Records.Start(Records.Id(2)));
        await flow.DisposeAsync();

        var error = await Record.ExceptionAsync(() => commit);

        // Infrastructure, and no refusal of the message: it is delivered again.
        Assert.IsAssignableFrom<NpgsqlException>(error);
        Network.ComeBack();
    }
}
