using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    private const string GroupId = "Score-group-1";

    [Fact]
    public async Task A_group_is_read_with_all_its_members_open_and_closed()
    {
        var id = Records.Id(1);
        await StartGroupAsync(id, members: 12, needed: 12, failuresAllowed: 12);
        await Flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(Records.Activity(id, "Score-13"))] });
        await CloseAsync(id, 2, ActivityStatus.Failed);

        var loaded = await Flow.LoadAsync(new LoadKey(id) { GroupId = GroupId });

        Assert.Equal(Records.Group(id, 12, 12, 12) with { Open = 11, Failed = 1 }, loaded.Group);
        Assert.Equal(Enumerable.Range(1, 12).Select(x => $"Score-{x}"), loaded.Members.Select(x => x.State.Id));
        Assert.Equal("Score-2", Assert.Single(loaded.Members, x => x.State.IsClosed).State.Id);
    }

    [Theory]
    [Trait("Req", "REL-I15")]
    [InlineData("all wait for every end", 3, 3, 3, "CFC", 3)]
    [InlineData("all, fail fast: no failure", 3, 3, 0, "CCC", 3)]
    [InlineData("all, fail fast: a failure", 3, 3, 0, "CFC", 2)]
    [InlineData("any: a result after failures", 3, 1, 2, "FFC", 3)]
    [InlineData("any: the first", 3, 1, 2, "CCC", 1)]
    [InlineData("any: nobody", 3, 1, 2, "FFF", 3)]
    [InlineData("first two: reached", 4, 2, 2, "CFCC", 3)]
    [InlineData("first two: still possible", 4, 2, 2, "FFCC", 4)]
    [InlineData("first two: impossible", 4, 2, 2, "FFFC", 3)]
    public async Task A_condition_is_met_by_one_closing_exactly(string rule, int members, int needed, int failuresAllowed, string ends, int meets)
    {
        var id = Records.Id(1);
        await StartGroupAsync(id, members, needed, failuresAllowed);

        var results = new List<CommitResult>();
        foreach (var end in ends)
        {
            results.Add(await CloseAsync(id, results.Count + 1, end == 'C' ? ActivityStatus.Completed : ActivityStatus.Failed));
        }

        var expected = Enumerable.Range(1, members).Select(x => x == meets ? CommitResult.CommittedAndMet : CommitResult.Committed);
        Assert.True(expected.SequenceEqual(results), $"{rule}: {string.Join(", ", results)}");
        Assert.Equal(GroupStatus.Met, (await GroupAsync(id)).Status);
    }

    [Fact]
    [Trait("Req", "REL-R13")]
    [Trait("Req", "REL-I15")]
    public async Task Sixty_four_members_that_close_together_meet_the_condition_once_fifty_times_over()
    {
        for (var round = 0; round < 50; round++)
        {
            var id = Records.Id(round);
            await StartGroupAsync(id, members: 64, needed: 64, failuresAllowed: 64);

            // One half comes in one batch, the other from many callers at once.
            var batch = Flow.Store.CommitAsync([.. Enumerable.Range(1, 32).Select(x => Closing(id, x, ActivityStatus.Completed))], default);
            var singles = await Task.WhenAll(Enumerable.Range(33, 32).Select(x => Task.Run(() => CloseAsync(id, x, ActivityStatus.Completed))));

            var results = (await batch).Concat(singles).ToList();
            Assert.Equal(63, results.Count(x => x == CommitResult.Committed));
            Assert.Single(results, CommitResult.CommittedAndMet);
            Assert.Equal(0, (await GroupAsync(id)).Open);
        }
    }

    [Fact]
    [Trait("Req", "REL-R13")]
    public async Task A_member_that_is_closed_twice_at_once_is_counted_once()
    {
        var id = Records.Id(1);
        await StartGroupAsync(id, members: 2, needed: 2, failuresAllowed: 2);

        var results = await Flow.Store.CommitAsync(
            [Closing(id, 1, ActivityStatus.Completed), Closing(id, 1, ActivityStatus.Failed)], default);

        Assert.Equal([CommitResult.Committed, CommitResult.Conflict], results);
        Assert.Equal((1, 0), ((await GroupAsync(id)).Open, (await GroupAsync(id)).Failed));
    }

    [Fact]
    public async Task Several_closings_of_one_change_set_are_summed()
    {
        var id = Records.Id(1);
        await StartGroupAsync(id, members: 3, needed: 3, failuresAllowed: 3);

        var result = await Flow.CommitAsync(new ChangeSet(id) { Closings = [new GroupClosing(GroupId, 1, 2)] });

        Assert.Equal(CommitResult.CommittedAndMet, result);
        Assert.Equal((0, 2), ((await GroupAsync(id)).Open, (await GroupAsync(id)).Failed));
    }

    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task A_group_is_joined_once_and_only_when_its_condition_is_met()
    {
        var id = Records.Id(1);
        var join = new ChangeSet(id) { EndedGroups = [new GroupEnd(GroupId, GroupStatus.Joined)] };
        await StartGroupAsync(id, members: 1, needed: 1, failuresAllowed: 1);

        var early = await Flow.CommitAsync(join);
        await CloseAsync(id, 1, ActivityStatus.Completed);
        var first = await Flow.CommitAsync(join);
        var second = await Flow.CommitAsync(join);

        Assert.Equal([CommitResult.Conflict, CommitResult.Committed, CommitResult.Conflict], [early, first, second]);
    }

    [Fact]
    [Trait("Req", "REL-R13")]
    public async Task Groups_that_wait_for_their_join_are_found_page_by_page_until_they_are_joined()
    {
        for (var i = 1; i <= 3; i++)
        {
            await StartGroupAsync(Records.Id(i), members: 2, needed: 1, failuresAllowed: 1);
            await CloseAsync(Records.Id(i), 1, ActivityStatus.Completed);
        }

        await StartGroupAsync(Records.Id(4), members: 2, needed: 2, failuresAllowed: 2);
        await Flow.CommitAsync(new ChangeSet(Records.Id(1)) { EndedGroups = [new GroupEnd(GroupId, GroupStatus.Joined)] });

        var first = Assert.Single(await Flow.Reader.ReadMetGroupsAsync(null, 1, default));
        var second = Assert.Single(await Flow.Reader.ReadMetGroupsAsync((first.WorkflowId, first.Id), 1, default));
        var rest = await Flow.Reader.ReadMetGroupsAsync((second.WorkflowId, second.Id), 1, default);

        Assert.Equal([Records.Id(2), Records.Id(3)], [first.WorkflowId, second.WorkflowId]);
        Assert.Empty(rest);
    }

    [Fact]
    public async Task An_abandoned_group_is_never_met()
    {
        var id = Records.Id(1);
        await StartGroupAsync(id, members: 1, needed: 1, failuresAllowed: 1);
        await Flow.CommitAsync(new ChangeSet(id) { EndedGroups = [new GroupEnd(GroupId, GroupStatus.Abandoned)] });

        var result = await CloseAsync(id, 1, ActivityStatus.Completed);

        Assert.Equal(CommitResult.Committed, result);
        Assert.Empty(await Flow.Reader.ReadMetGroupsAsync(null, 10, default));
    }

    [Fact]
    [Trait("Req", "T21")]
    public async Task The_end_of_all_waiting_abandons_groups_that_are_open_met_or_met_by_the_same_change()
    {
        var id = Records.Id(1);
        var other = Records.Id(2);
        await StartGroupAsync(id, members: 1, needed: 1, failuresAllowed: 1);
        await StartGroupAsync(other, members: 1, needed: 1, failuresAllowed: 1);
        await CloseAsync(id, 1, ActivityStatus.Completed);
        await CloseAsync(other, 1, ActivityStatus.Completed);
        string[] more = ["Score-group-2", "Score-group-3", "Score-group-4"];
        await Flow.CommitAsync(new ChangeSet(id)
        {
            Groups = [.. more.Select(x => Records.Group(id, 2, 2, 2) with { Id = x, Status = x == more[2] ? GroupStatus.Joined : GroupStatus.Open })],
        });

        var result = await Flow.CommitAsync(new ChangeSet(id) { Closings = [new GroupClosing(more[0], 2, 0)], EndsAllGroups = true });

        Assert.Equal(CommitResult.Committed, result);
        Assert.Equal(other, Assert.Single(await Flow.Reader.ReadMetGroupsAsync(null, 10, default)).WorkflowId);
        Assert.Equal(GroupStatus.Abandoned, (await GroupAsync(id)).Status);
        var statuses = new List<GroupStatus>();
        foreach (var groupId in more)
        {
            statuses.Add((await Flow.LoadAsync(new LoadKey(id) { GroupId = groupId })).Group!.Status);
        }

        Assert.Equal([GroupStatus.Abandoned, GroupStatus.Abandoned, GroupStatus.Joined], statuses);
        Assert.Equal(CommitResult.Committed, await Flow.CommitAsync(new ChangeSet(id) { Closings = [new GroupClosing(more[1], 2, 0)] }));
    }

    private async Task StartGroupAsync(Guid id, int members, int needed, int failuresAllowed) => Assert.Equal(
        CommitResult.Committed,
        await Flow.CommitAsync(new ChangeSet(id)
        {
            Groups = [Records.Group(id, members, needed, failuresAllowed)],
            Activities = [.. Enumerable.Range(1, members).Select(x => Records.Row(Member(id, x)))],
        }));

    private Task<CommitResult> CloseAsync(Guid id, int member, ActivityStatus status) => Flow.CommitAsync(Closing(id, member, status));

    private async Task<GroupRecord> GroupAsync(Guid id) => (await Flow.LoadAsync(new LoadKey(id) { GroupId = GroupId })).Group!;

    private static ActivityState Member(Guid id, int number) => Records.Activity(id, $"Score-{number}") with { GroupId = GroupId };

    private static ChangeSet Closing(Guid id, int member, ActivityStatus status) => new(id)
    {
        Activities = [Records.Row(Member(id, member) with { Status = status, ClosedAt = Records.Now }, version: 1)],
        Closings = [status == ActivityStatus.Completed ? new GroupClosing(GroupId, 1, 0) : new GroupClosing(GroupId, 0, 1)],
    };
}
