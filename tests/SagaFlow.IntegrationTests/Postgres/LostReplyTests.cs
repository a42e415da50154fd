using SagaFlow.IntegrationTests.Network;
using SagaFlow.Storage;
using SagaFlow.Tests;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>A commit whose reply is lost: it took place or not, and its caller is told the truth either way.</summary>
public sealed class LostReplyTests : IAsyncLifetime
{
    private PostgresStoreFixture _flow = null!;

    private ChaosProxy Network => _flow.Proxy!;

    public async Task InitializeAsync()
    {
        _flow = await PostgresStoreFixture.CreateBehindProxyAsync();
        await _flow.CommitAsync(Records.Start(Records.Id(100)));
    }

    public async Task DisposeAsync() => await _flow.DisposeAsync();

    [Fact]
    [Trait("Req", "REL-C4")]
    public async Task A_commit_whose_reply_was_lost_took_place_once_and_is_no_duplicate()
    {
        Network.LoseNextReply();

        var result = await _flow.CommitAsync(Records.Start(Records.Id(1)));

        Assert.Equal((CommitResult.Committed, 1), (result, Network.Faults));
        await AssertStartedOnceAsync(Records.Id(1));
    }

    [Fact]
    [Trait("Req", "REL-C4")]
    public async Task A_change_set_without_a_message_or_a_version_is_not_written_twice_either()
    {
        var id = Records.Id(100);
        Network.LoseNextReply();

        var result = await _flow.CommitAsync(new ChangeSet(id) { History = [Records.History(id, HistoryKind.EventReceived)] });

        Assert.Equal((CommitResult.Committed, 1), (result, Network.Faults));
        Assert.Single(await _flow.HistoryAsync(id), entry => entry.Kind == HistoryKind.EventReceived);
    }

    [Fact]
    [Trait("Req", "REL-C4")]
    public async Task Each_change_set_of_a_lost_reply_gets_its_own_result()
    {
        var id = Records.Id(100);
        var conflict = new ChangeSet(id) { Workflow = Records.Workflow(id) with { Version = 9 } };
        Network.LoseNextReply();

        var results = await _flow.Store.CommitAsync([Records.Start(Records.Id(1)), conflict, Records.Start(Records.Id(2))], default);

        Assert.Equal([CommitResult.Committed, CommitResult.Conflict, CommitResult.Committed], results);
        Assert.Equal(1, Network.Faults);
        await AssertStartedOnceAsync(Records.Id(1));
    }

    [Fact]
    public async Task A_commit_whose_request_was_lost_is_run_again()
    {
        Network.LoseNextRequest();

        var result = await _flow.CommitAsync(Records.Start(Records.Id(1)));

        Assert.Equal((CommitResult.Committed, 1), (result, Network.Faults));
        await AssertStartedOnceAsync(Records.Id(1));
    }

    [Fact]
    [Trait("Req", "REL-C4")]
    public async Task A_commit_that_the_server_still_works_on_when_the_connection_breaks_is_waited_for()
    {
        await using var slow = await _flow.HoldUpCommitsAsync();
        Network.CutAfterNextRequest();

        var result = await _flow.CommitAsync(Records.Start(Records.Id(1)));

        Assert.Equal((CommitResult.Committed, 1), (result, Network.Faults));
        await AssertStartedOnceAsync(Records.Id(1));
    }

    [Fact]
    [Trait("Req", "REL-D1")]
    public async Task A_backend_that_is_killed_in_the_middle_of_a_commit_costs_nothing()
    {
        await using var slow = await _flow.HoldUpCommitsAsync();
        var commits = _flow.Store.CommitAsync([.. Enumerable.Range(1, 20).Select(i => Records.Start(Records.Id(i)))], default);

        await Eventually.HoldsAsync(async () => await _flow.ReadAsync<long>("""
            select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event = 'PgSleep' and query like '%{0}.committer%'
            """) > 0);

        Assert.All(await commits, result => Assert.Equal(CommitResult.Committed, result));
        for (var i = 1; i <= 20; i++)
        {
            await AssertStartedOnceAsync(Records.Id(i));
        }
    }

    [Fact]
    [Trait("Req", "REL-C4")]
    public async Task A_locked_run_whose_last_reply_was_lost_is_told_what_became_of_it()
    {
        var id = Records.Id(100);

        // The name of the transaction is asked for and told; the reply that is lost is that of the commit.
        var result = await _flow.Store.RunLockedAsync(
            new LoadKey(id) { Workflow = true },
            loaded =>
            {
                Network.LoseReplyAfter(2);
                return Task.FromResult<ChangeSet?>(new ChangeSet(id) { Workflow = loaded.Workflow! with { State = "Locked" } });
            },
            default);

        Assert.Equal((CommitResult.Committed, 1), (result, Network.Faults));
        Assert.Equal(("Locked", 2), ((await _flow.FindAsync(id))!.State, (await _flow.FindAsync(id))!.Version));
    }

    [Fact]
    public async Task A_committer_whose_row_was_removed_makes_another()
    {
        await _flow.ExecuteAsync("delete from {0}.committer");

        Assert.Equal(CommitResult.Committed, await _flow.CommitAsync(Records.Start(Records.Id(1))));
        await AssertStartedOnceAsync(Records.Id(1));
    }

    private async Task AssertStartedOnceAsync(Guid id)
    {
        Assert.Equal(1, (await _flow.FindAsync(id))!.Version);
        Assert.Equal(2, (await _flow.HistoryAsync(id)).Count);
        Assert.Equal(1L, await _flow.ReadAsync<long>($"select count(*) from {{0}}.outbox where workflow_id = '{id}'"));
        Assert.Equal(CommitResult.Duplicate, await _flow.CommitAsync(Records.Start(id)));
    }
}
