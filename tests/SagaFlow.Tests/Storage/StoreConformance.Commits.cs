using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    [Trait("Req", "D12")]
    public async Task A_committed_workflow_is_read_back_as_it_was_written()
    {
        var id = Records.Id(1);
        var written = Records.Workflow(id) with
        {
            Status = WorkflowStatus.Failed,
            DefinitionVersion = 3,
            Result = "1",
            Failure = "{}",
            UpdatedAt = Records.Now.AddMicroseconds(1),
            ClosedAt = Records.Now.AddMicroseconds(2),
            DeadlineAt = Records.Now.AddMicroseconds(3),
            Run = """{"number":2}""",
        };

        await Flow.CommitAsync(new ChangeSet(id) { Workflow = written });

        Assert.Equal(written with { Version = 1 }, await Flow.FindAsync(id));
        Assert.Equal(written with { Version = 1 }, await Flow.Reader.FindWorkflowAsync(id, default));
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task A_committed_activity_is_read_back_as_it_was_written()
    {
        var written = Records.Full(Records.Id(1));

        await Flow.CommitAsync(new ChangeSet(written.WorkflowId) { Activities = [Records.Row(written)] });

        var loaded = await StoredAsync(written.WorkflowId, written.Id);
        Assert.Equivalent(Records.Row(written, version: 1), loaded, strict: true);
        Assert.Equivalent(written, Assert.Single(await Flow.Reader.ReadActivitiesAsync(written.WorkflowId, default)), strict: true);
    }

    [Fact]
    public async Task An_update_changes_every_column_that_may_change()
    {
        var full = Records.Full(Records.Id(1));
        var first = Records.Activity(full.WorkflowId) with { GroupId = full.GroupId, EndsWith = full.EndsWith, Policy = full.Policy };
        await Flow.CommitAsync(new ChangeSet(full.WorkflowId) { Activities = [Records.Row(first)] });

        await Flow.CommitAsync(new ChangeSet(full.WorkflowId) { Activities = [Records.Row(full, version: 1)] });

        Assert.Equivalent(Records.Row(full, version: 2), await StoredAsync(full.WorkflowId, full.Id), strict: true);
    }

    [Fact]
    public async Task A_commit_with_the_loaded_version_counts_it_up()
    {
        var id = Records.Id(1);
        await StartAsync(id);

        var result = await Flow.CommitAsync(new ChangeSet(id) { Workflow = (await StoredAsync(id)) with { State = "Transmit.Pending" } });

        Assert.Equal(CommitResult.Committed, result);
        Assert.Equal(("Transmit.Pending", 2), ((await StoredAsync(id)).State, (await StoredAsync(id)).Version));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Req", "P13")]
    [Trait("Req", "REL-C14")]
    public async Task A_workflow_of_another_version_conflicts_and_nothing_of_its_change_set_is_visible(int version)
    {
        var id = Records.Id(1);
        await StartAsync(id);
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = await StoredAsync(id) });

        var result = await Flow.CommitAsync(new ChangeSet(id)
        {
            Inbox = Records.Inbox(id, Records.Id(7)),
            Workflow = Records.Workflow(id) with { Version = version, State = "Lost" },
            Activities = [Records.Row(Records.Activity(id, "Transmit-1"))],
            History = [Records.History(id, HistoryKind.AttemptStarted)],
            Outgoing = [Records.Outgoing(Records.Id(8), id)],
            Kept = [Records.Kept(id, Records.Id(9))],
        });

        Assert.Equal(CommitResult.Conflict, result);
        await AssertOnlyTheStartIsVisibleAsync(id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [Trait("Req", "P13")]
    public async Task An_activity_of_another_version_conflicts_and_nothing_of_its_change_set_is_visible(int version)
    {
        var id = Records.Id(1);
        await StartAsync(id);

        var result = await Flow.CommitAsync(new ChangeSet(id)
        {
            Inbox = Records.Inbox(id, Records.Id(7)),
            Workflow = (await StoredAsync(id)) with { State = "Lost" },
            Activities = [Records.Row(Records.Activity(id, "Transmit-1")), Records.Row(Records.Activity(id), version)],
            History = [Records.History(id)],
        });

        Assert.Equal(CommitResult.Conflict, result);
        await AssertOnlyTheStartIsVisibleAsync(id);
    }

    [Fact]
    [Trait("Req", "T2")]
    public async Task A_failing_outgoing_row_takes_back_the_workflow_the_activity_and_the_history()
    {
        var id = Records.Id(1);
        await StartAsync(id);

        var failing = new ChangeSet(id)
        {
            Inbox = Records.Inbox(id, Records.Id(7)),
            Workflow = (await StoredAsync(id)) with { State = "Lost" },
            Activities = [Records.Row(Records.Activity(id, "Transmit-1"))],
            History = [Records.History(id)],
            Outgoing = [Records.Outgoing(id, id)],
        };

        await Assert.ThrowsAnyAsync<Exception>(() => Flow.CommitAsync(failing));
        await AssertOnlyTheStartIsVisibleAsync(id);
    }

    [Fact]
    [Trait("Req", "REL-T18")]
    public async Task Another_workflow_with_the_same_business_key_is_an_error_and_no_conflict()
    {
        await StartAsync(Records.Id(1));
        var other = Records.Workflow(Records.Id(2)) with { BusinessKey = Records.Workflow(Records.Id(1)).BusinessKey };

        await Assert.ThrowsAnyAsync<Exception>(() => Flow.CommitAsync(new ChangeSet(other.Id) { Workflow = other }));
        Assert.Null(await Flow.FindAsync(other.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(19)]
    public async Task One_bad_change_set_in_a_call_of_twenty_does_not_fail_its_neighbours(int bad)
    {
        await StartAsync(Records.Id(100));
        var changeSets = Enumerable.Range(0, 20).Select(i => Records.Start(Records.Id(i))).ToArray();
        changeSets[bad] = changeSets[bad] with { Outgoing = [Records.Outgoing(Records.Id(100), Records.Id(bad))] };

        await Assert.ThrowsAnyAsync<Exception>(() => Flow.Store.CommitAsync(changeSets, default));

        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(i == bad, await Flow.FindAsync(Records.Id(i)) is null);
        }
    }

    [Fact]
    public async Task Each_change_set_of_a_call_has_its_own_result_in_its_place()
    {
        await StartAsync(Records.Id(1));
        var conflict = new ChangeSet(Records.Id(1)) { Workflow = Records.Workflow(Records.Id(1)) with { Version = 9 } };

        var results = await Flow.Store.CommitAsync([Records.Start(Records.Id(2)), conflict, Records.Start(Records.Id(1)), Records.Start(Records.Id(3))], default);

        Assert.Equal([CommitResult.Committed, CommitResult.Conflict, CommitResult.Duplicate, CommitResult.Committed], results);
    }

    [Fact]
    public async Task A_second_change_set_of_one_workflow_in_one_call_sees_the_first()
    {
        var id = Records.Id(1);
        var second = new ChangeSet(id) { Workflow = Records.Workflow(id) with { Version = 1, State = "Second" } };

        var results = await Flow.Store.CommitAsync([Records.Start(id), second, second], default);

        Assert.Equal([CommitResult.Committed, CommitResult.Committed, CommitResult.Conflict], results);
        Assert.Equal("Second", (await StoredAsync(id)).State);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_began_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Flow.Store.CommitAsync([Records.Start(Records.Id(1))], new CancellationToken(canceled: true)));

        await StartAsync(Records.Id(2));
        Assert.Null(await Flow.FindAsync(Records.Id(1)));
    }

    private async Task AssertOnlyTheStartIsVisibleAsync(Guid id)
    {
        var loaded = await Flow.LoadAsync(new LoadKey(id)
        {
            Workflow = true,
            OpenActivities = true,
            Inbox = Records.Inbox(id, Records.Id(7)).Key,
        });
        Assert.Equal("GetRoute.Pending", loaded.Workflow?.State);
        Assert.Equal("GetRoute-1", Assert.Single(loaded.OpenActivities).State.Id);
        Assert.Empty(loaded.KeptMessages);
        Assert.Null(loaded.Seen);
        Assert.Equal([HistoryKind.WorkflowStarted, HistoryKind.ActivityScheduled], (await Flow.HistoryAsync(id)).Select(entry => entry.Kind));
        Assert.Equal(id, Assert.Single(await Flow.OutgoingAsync()).Id);
    }
}
