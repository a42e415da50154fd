using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Theory]
    [Trait("Req", "T21")]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_workflow_is_due_from_its_own_instant_on(int microsecondsFromNow, bool due)
    {
        var at = Records.Now.AddMicroseconds(microsecondsFromNow);
        await SetDeadlineAsync(Records.Id(1), at);

        var claimed = await Flow.Alarms.ClaimDueWorkflowsAsync(Records.Now, RingAgainAt, 10, default);

        Assert.Equal(due ? [new DueWorkflow(Records.Id(1), at)] : [], claimed);
    }

    [Fact]
    [Trait("Req", "REL-C9")]
    public async Task A_workflow_s_ring_that_nobody_consumed_rings_again_at_the_instant_it_was_claimed_for()
    {
        await SetDeadlineAsync(Records.Id(1), Records.Now);
        await Flow.Alarms.ClaimDueWorkflowsAsync(Records.Now, RingAgainAt, 10, default);

        var early = await Flow.Alarms.ClaimDueWorkflowsAsync(RingAgainAt.AddMicroseconds(-1), RingAgainAt.AddSeconds(5), 10, default);
        var again = await Flow.Alarms.ClaimDueWorkflowsAsync(RingAgainAt, RingAgainAt.AddSeconds(5), 10, default);

        Assert.Empty(early);
        Assert.Single(again);
    }

    [Fact]
    public async Task A_workflow_that_has_ended_never_rings()
    {
        await SetDeadlineAsync(Records.Id(1), Records.Now);
        var workflow = (await Flow.FindAsync(Records.Id(1)))!;

        await Flow.CommitAsync(new ChangeSet(Records.Id(1)) { Workflow = workflow with { Status = WorkflowStatus.Completed } });

        Assert.Empty(await Flow.Alarms.ClaimDueWorkflowsAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 10, default));
        Assert.Null(await Flow.Alarms.NextDueAsync(default));
    }

    [Fact]
    public async Task Workflows_are_claimed_earliest_first_and_no_more_than_asked_for()
    {
        for (var i = 1; i <= 3; i++)
        {
            await SetDeadlineAsync(Records.Id(i), Records.Now.AddMicroseconds(-i));
        }

        var first = await Flow.Alarms.ClaimDueWorkflowsAsync(Records.Now, RingAgainAt, 2, default);
        var rest = await Flow.Alarms.ClaimDueWorkflowsAsync(Records.Now, RingAgainAt, 2, default);

        Assert.Equal([Records.Id(3), Records.Id(2)], first.Select(x => x.WorkflowId));
        Assert.Equal([Records.Id(1)], rest.Select(x => x.WorkflowId));
    }

    [Fact]
    public async Task The_next_deadline_is_that_of_a_workflow_when_it_comes_before_all_activities()
    {
        await SetDueAsync(Records.Id(1), Records.Now.AddSeconds(2));
        await SetDeadlineAsync(Records.Id(2), Records.Now.AddSeconds(1));

        var before = await Flow.Alarms.NextDueAsync(default);
        await Flow.Alarms.ClaimDueWorkflowsAsync(Records.Now.AddSeconds(1), RingAgainAt, 10, default);

        Assert.Equal(Records.Now.AddSeconds(1), before);
        Assert.Equal(Records.Now.AddSeconds(2), await Flow.Alarms.NextDueAsync(default));
    }

    private async Task SetDeadlineAsync(Guid id, DateTimeOffset at) =>
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { DeadlineAt = at } });
}
