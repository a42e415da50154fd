using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>What one change set of a batch meets is not the fate of the others.</summary>
public sealed class NeighbourTests : IAsyncLifetime
{
    private PostgresStoreFixture _flow = null!;

    public async Task InitializeAsync() => _flow = await PostgresStoreFixture.CreateAsync();

    public async Task DisposeAsync() => await _flow.DisposeAsync();

    [Theory]
    [InlineData("select 1 from {0}.workflow for update")]
    [InlineData("select 1 from {0}.activity for update")]
    [Trait("Req", "REL-D7")]
    public async Task A_row_that_somebody_holds_is_a_conflict_and_its_neighbours_commit(string hold)
    {
        var id = Records.Id(100);
        await _flow.CommitAsync(Records.Start(id));
        var loaded = await _flow.LoadAsync(new LoadKey(id) { Workflow = true, OpenActivities = true });
        var change = new ChangeSet(id) { Workflow = loaded.Workflow, Activities = loaded.OpenActivities };
        ChangeSet[] batch = [.. Enumerable.Range(0, 50).Select(i => Records.Start(Records.Id(i))), change];

        IReadOnlyList<CommitResult> results;
        await using (await _flow.BeginAsync(hold))
        {
            results = await _flow.Store.CommitAsync(batch, default);
        }

        Assert.Equal(CommitResult.Conflict, results[^1]);
        Assert.All(results.SkipLast(1), result => Assert.Equal(CommitResult.Committed, result));
        Assert.Equal(CommitResult.Committed, await _flow.CommitAsync(change));
    }

    [Fact]
    [Trait("Req", "REL-D7")]
    public async Task A_group_that_somebody_holds_is_found_in_its_batch_and_its_neighbours_commit()
    {
        var id = Records.Id(100);
        await _flow.CommitAsync(new ChangeSet(id) { Groups = [Records.Group(id, members: 3, needed: 3, failuresAllowed: 3)] });
        var closing = new ChangeSet(id) { Closings = [new GroupClosing("Score-group-1", 1, 0)] };
        ChangeSet[] batch = [.. Enumerable.Range(0, 40).Select(i => Records.Start(Records.Id(i)))];
        batch[17] = closing;

        IReadOnlyList<CommitResult> results;
        await using (await _flow.BeginAsync("select 1 from {0}.activity_group for update"))
        {
            results = await _flow.Store.CommitAsync(batch, default);
        }

        Assert.Equal(CommitResult.Conflict, results[17]);
        Assert.Equal(39, results.Count(result => result == CommitResult.Committed));
        Assert.Equal(CommitResult.Committed, await _flow.CommitAsync(closing));
        Assert.Equal(2, (await _flow.LoadAsync(new LoadKey(id) { GroupId = "Score-group-1" })).Group!.Open);
    }

    [Fact]
    [Trait("Req", "REL-D7")]
    public async Task A_table_that_is_locked_holds_up_no_caller_for_long()
    {
        await _flow.CommitAsync(Records.Start(Records.Id(100)));

        IReadOnlyList<CommitResult> results;
        await using (await _flow.BeginAsync("lock table {0}.workflow in share mode"))
        {
            results = await _flow.Store.CommitAsync([.. Enumerable.Range(0, 100).Select(i => Records.Start(Records.Id(i)))], default);
        }

        // What took too long is the caller's to run again, alone and with more patience.
        Assert.All(results, result => Assert.Equal(CommitResult.Conflict, result));
        Assert.Equal(CommitResult.Committed, await _flow.CommitAsync(Records.Start(Records.Id(1))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(99)]
    public async Task One_poisonous_change_set_among_a_hundred_is_refused_by_name_and_alone(int bad)
    {
        await _flow.CommitAsync(Records.Start(Records.Id(500)));
        ChangeSet[] batch = [.. Enumerable.Range(0, 100).Select(i => Records.Start(Records.Id(i)))];
        batch[bad] = batch[bad] with { Outgoing = [Records.Outgoing(Records.Id(500), Records.Id(bad))] };

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => _flow.Store.CommitAsync(batch, default));

        Assert.Contains($"PostgreSQL refuses the changes of workflow {Records.Id(bad)}", error.Message, StringComparison.Ordinal);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(i == bad, await _flow.FindAsync(Records.Id(i)) is null);
        }
    }

    [Fact]
    public async Task Neighbours_of_a_batch_may_close_members_of_one_group_while_another_group_ends()
    {
        var id = Records.Id(1);
        await _flow.CommitAsync(new ChangeSet(id)
        {
            Groups =
            [
                Records.Group(id, members: 4, needed: 4, failuresAllowed: 4),
                Records.Group(id, members: 1, needed: 1, failuresAllowed: 1) with { Id = "Other-group-1" },
            ],
        });

        var results = await _flow.Store.CommitAsync(
            [
                .. Enumerable.Range(0, 3).Select(_ => new ChangeSet(id) { Closings = [new GroupClosing("Score-group-1", 1, 0)] }),
                new ChangeSet(id) { EndedGroups = [new GroupEnd("Other-group-1", GroupStatus.Abandoned)] },
                new ChangeSet(id) { Closings = [new GroupClosing("Score-group-1", 0, 1), new GroupClosing("Other-group-1", 1, 0)] },
            ],
            default);

        Assert.Equal([.. Enumerable.Repeat(CommitResult.Committed, 4), CommitResult.CommittedAndMet], results);
        Assert.Equal(GroupStatus.Abandoned, (await _flow.LoadAsync(new LoadKey(id) { GroupId = "Other-group-1" })).Group!.Status);
    }

    [Fact]
    public async Task A_fan_out_that_its_own_workflow_ends_at_once_is_abandoned()
    {
        var id = Records.Id(1);
        var group = Records.Group(id, members: 2, needed: 2, failuresAllowed: 2);

        var result = await _flow.CommitAsync(new ChangeSet(id)
        {
            Groups = [group],
            Closings = [new GroupClosing(group.Id, 0, 2)],
            EndedGroups = [new GroupEnd(group.Id, GroupStatus.Abandoned)],
        });

        Assert.Equal(CommitResult.Committed, result);
        Assert.Equal(GroupStatus.Abandoned, (await _flow.LoadAsync(new LoadKey(id) { GroupId = group.Id })).Group!.Status);
    }

    [Fact]
    public async Task A_group_whose_members_close_in_the_change_set_that_makes_it_is_met()
    {
        var id = Records.Id(1);
        var group = Records.Group(id, members: 2, needed: 1, failuresAllowed: 1);

        var result = await _flow.CommitAsync(new ChangeSet(id) { Groups = [group], Closings = [new GroupClosing(group.Id, 1, 0)] });

        Assert.Equal(CommitResult.CommittedAndMet, result);
        Assert.Single(await _flow.Reader.ReadMetGroupsAsync(null, 10, default));
    }

    [Fact]
    public async Task A_workflow_with_ten_thousand_activities_ends_in_one_change_set()
    {
        var id = Records.Id(1);
        ActivityState[] members = [.. Enumerable.Range(1, 10_000).Select(x => Records.Activity(id, $"Score-{x}"))];
        await _flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id), Activities = [.. members.Select(x => Records.Row(x))] });

        var result = await _flow.CommitAsync(new ChangeSet(id)
        {
            Workflow = (await _flow.FindAsync(id))! with { Status = WorkflowStatus.Failed },
            Activities = [.. members.Select(x => Records.Row(x with { Status = ActivityStatus.Canceled }, version: 1))],
        });

        Assert.Equal(CommitResult.Committed, result);
        Assert.Empty((await _flow.LoadAsync(new LoadKey(id) { OpenActivities = true })).OpenActivities);
    }
}
