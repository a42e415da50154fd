using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    private static readonly DateTimeOffset RingAgainAt = Records.Now.AddSeconds(5);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_deadline_is_due_from_its_own_instant_on(int microsecondsFromNow, bool due)
    {
        await SetDueAsync(Records.Id(1), Records.Now.AddMicroseconds(microsecondsFromNow));

        var rings = await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default);

        Assert.Equal(due, rings.Count == 1);
    }

    [Fact]
    public async Task A_ring_names_the_activity_its_workflow_type_its_attempt_and_the_deadline()
    {
        await SetDueAsync(Records.Id(1), Records.Now, version: 4);

        var ring = Assert.Single(await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default));

        var deadline = new Deadline(Records.Now, DeadlineKind.StartToClose, 4);
        Assert.Equal(new DueRing(Records.Id(1), "GetRoute-1", "data-routing", 1, deadline), ring);
    }

    [Fact]
    [Trait("Req", "REL-C9")]
    public async Task A_ring_that_nobody_consumed_rings_again_at_the_instant_it_was_claimed_for()
    {
        await SetDueAsync(Records.Id(1), Records.Now);
        await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default);

        var early = await Flow.Alarms.ClaimDueAsync(RingAgainAt.AddMicroseconds(-1), RingAgainAt.AddSeconds(5), 10, default);
        var again = await Flow.Alarms.ClaimDueAsync(RingAgainAt, RingAgainAt.AddSeconds(5), 10, default);

        Assert.Empty(early);
        Assert.Single(again);
    }

    [Fact]
    public async Task Another_deadline_rings_at_once_though_the_old_one_was_claimed()
    {
        var id = Records.Id(1);
        await SetDueAsync(id, Records.Now);
        await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default);

        await Flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(Records.Due(id, Records.Now, version: 2), version: 1)] });

        Assert.Equal(2, Assert.Single(await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default)).Due.Version);
    }

    [Fact]
    public async Task A_commit_that_leaves_the_deadline_as_it_is_leaves_its_claim_too()
    {
        var id = Records.Id(1);
        await SetDueAsync(id, Records.Now);
        await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default);

        var heartbeat = Records.Due(id, Records.Now) with { LastHeartbeatAt = Records.Now };
        var result = await Flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(heartbeat, version: 1)] });

        Assert.Equal(CommitResult.Committed, result);
        Assert.Empty(await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default));
    }

    [Fact]
    public async Task Deadlines_are_claimed_earliest_first_and_no_more_than_asked_for()
    {
        for (var i = 0; i < 5; i++)
        {
            await SetDueAsync(Records.Id(i), Records.Now.AddMicroseconds(-(i * 7 % 5)));
        }

        var first = await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 3, default);
        var rest = await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 3, default);

        Assert.Equal([-4, -3, -2], first.Select(ring => (int)(ring.Due.At - Records.Now).TotalMicroseconds));
        Assert.Equal([-1, 0], rest.Select(ring => (int)(ring.Due.At - Records.Now).TotalMicroseconds));
    }

    [Fact]
    public async Task Claimers_that_ask_at_once_never_get_the_same_ring()
    {
        await Flow.Store.CommitAsync([.. Enumerable.Range(0, 200).Select(DueChangeSet)], default);

        var claims = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Task.Run(() => Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 50, default))));

        var rings = claims.SelectMany(rings => rings).Select(ring => ring.WorkflowId).ToList();
        Assert.Equal(200, rings.Count);
        Assert.Equal(200, rings.Distinct().Count());

        static ChangeSet DueChangeSet(int i) => new(Records.Id(i)) { Activities = [Records.Row(Records.Due(Records.Id(i), Records.Now))] };
    }

    [Fact]
    public async Task A_closed_activity_never_rings()
    {
        var id = Records.Id(1);
        await SetDueAsync(id, Records.Now);

        var closed = Records.Activity(id) with { Status = ActivityStatus.Completed, DueVersion = 2 };
        await Flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(closed, version: 1)] });

        Assert.Empty(await Flow.Alarms.ClaimDueAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 10, default));
        Assert.Null(await Flow.Alarms.NextDueAsync(default));
    }

    [Fact]
    public async Task The_next_deadline_is_the_earliest_that_is_not_claimed()
    {
        await SetDueAsync(Records.Id(1), Records.Now);
        await SetDueAsync(Records.Id(2), Records.Now.AddDays(1));

        var before = await Flow.Alarms.NextDueAsync(default);
        await Flow.Alarms.ClaimDueAsync(Records.Now, RingAgainAt, 10, default);
        var after = await Flow.Alarms.NextDueAsync(default);

        Assert.Equal((Records.Now, Records.Now.AddDays(1)), (before, after));
    }

    private async Task SetDueAsync(Guid id, DateTimeOffset at, int version = 1) =>
        await Flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(Records.Due(id, at, version: version))] });
}
