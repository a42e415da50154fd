using System.Globalization;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    [Trait("Req", "P13")]
    [Trait("Req", "REL-D8")]
    public async Task Sixteen_writers_of_one_workflow_lose_no_update()
    {
        var id = Records.Id(1);
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { Document = "0" } });

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(IncrementHundredTimesAsync)));

        var stored = await StoredAsync(id);
        Assert.Equal(("1600", 1601), (stored.Document, stored.Version));
        Assert.Equal(1600, (await Flow.HistoryAsync(id)).Count);

        async Task IncrementHundredTimesAsync()
        {
            for (var i = 0; i < 100; i++)
            {
                await IncrementAsync(id);
            }
        }
    }

    [Fact]
    [Trait("Req", "REL-D8")]
    public async Task Sixteen_threads_that_write_their_own_workflows_fail_never()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(thread => Task.Run(() => StartTwentyAsync(thread))));

        Assert.Equal(320, Assert.Single(await Flow.Reader.CountRunningStatesAsync(default)).Count);
        Assert.Equal(320, (await Flow.OutgoingAsync()).Count);

        async Task StartTwentyAsync(int thread)
        {
            for (var i = 0; i < 20; i++)
            {
                await StartAsync(Records.Id((thread * 100) + i));
            }
        }
    }

    [Fact]
    [Trait("Req", "P13")]
    public async Task A_locked_run_sees_the_latest_state_and_no_other_writer_of_its_workflow_comes_through()
    {
        var id = Records.Id(1);
        await StartAsync(id);
        var locked = new TaskCompletionSource<Loaded>();
        var proceed = new TaskCompletionSource();

        var run = Flow.Store.RunLockedAsync(
            new LoadKey(id) { Workflow = true },
            async loaded =>
            {
                locked.SetResult(loaded);
                await proceed.Task;
                return new ChangeSet(id) { Workflow = loaded.Workflow! with { State = "Locked" } };
            },
            default);
        var seen = await locked.Task;
        var other = Flow.CommitAsync(new ChangeSet(id) { Workflow = seen.Workflow! with { State = "Other" } });
        var second = Flow.Store.RunLockedAsync(new LoadKey(id) { Workflow = true }, AppendAsync, default);
        Assert.False(second.IsCompleted);
        proceed.SetResult();

        Assert.Equal((CommitResult.Committed, CommitResult.Conflict, CommitResult.Committed), (await run, await other, await second));
        Assert.Equal("Locked+", (await StoredAsync(id)).State);

        Task<ChangeSet?> AppendAsync(Loaded loaded) =>
            Task.FromResult<ChangeSet?>(new ChangeSet(id) { Workflow = loaded.Workflow! with { State = loaded.Workflow.State + "+" } });
    }

    [Fact]
    public async Task A_locked_run_that_changes_nothing_or_fails_leaves_nothing_behind()
    {
        var id = Records.Id(1);
        await StartAsync(id);
        var key = new LoadKey(id) { Workflow = true };

        var nothing = await Flow.Store.RunLockedAsync(key, _ => Task.FromResult<ChangeSet?>(null), default);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Flow.Store.RunLockedAsync(key, _ => throw new InvalidOperationException("The author's code failed"), default));
        var duplicate = await Flow.Store.RunLockedAsync(key, _ => Task.FromResult<ChangeSet?>(Records.Start(id)), default);

        Assert.Equal((CommitResult.Committed, CommitResult.Duplicate), (nothing, duplicate));
        Assert.Equal(CommitResult.Committed, await Flow.CommitAsync(new ChangeSet(id) { Workflow = await StoredAsync(id) }));
    }

    [Fact]
    public async Task A_caller_who_gives_up_waiting_does_not_take_his_queued_change_set_with_him()
    {
        await StartAsync(Records.Id(1));
        using var givesUp = new CancellationTokenSource();
        await using (await Flow.HoldUpCommitsAsync())
        {
            var commit = Flow.Store.CommitAsync([Records.Start(Records.Id(2))], givesUp.Token);
            await givesUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        }

        await StartAsync(Records.Id(3));
        Assert.NotNull(await Flow.FindAsync(Records.Id(2)));
    }

    // What the engine does: try, try again on fresh state, then run alone.
    private async Task IncrementAsync(Guid id)
    {
        var key = new LoadKey(id) { Workflow = true };
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await Flow.CommitAsync(Incremented(await Flow.LoadAsync(key))) == CommitResult.Committed)
            {
                return;
            }
        }

        Assert.Equal(
            CommitResult.Committed,
            await Flow.Store.RunLockedAsync(key, loaded => Task.FromResult<ChangeSet?>(Incremented(loaded)), default));
    }

    private static ChangeSet Incremented(Loaded loaded)
    {
        var count = int.Parse(loaded.Workflow!.Document, CultureInfo.InvariantCulture) + 1;
        return new ChangeSet(loaded.Workflow.Id)
        {
            Workflow = loaded.Workflow with { Document = $"{count}" },
            History = [Records.History(loaded.Workflow.Id, HistoryKind.AttemptStarted, $"{count}")],
        };
    }
}
