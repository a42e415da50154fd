using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_timer_is_read_as_it_was_written()
    {
        var timer = Timer(1);
        await Flow.CommitAsync(new ChangeSet(timer.WorkflowId) { Timers = [timer] });

        var stored = (await Flow.LoadAsync(new LoadKey(timer.WorkflowId) { TimerId = timer.Id })).Timer;
        var other = (await Flow.LoadAsync(new LoadKey(Records.Id(2)) { TimerId = timer.Id })).Timer;

        Assert.Equal(timer, stored);
        Assert.Null(other);
    }

    [Fact]
    public async Task A_timer_joins_its_change_set_or_is_not_there()
    {
        var id = Records.Id(1);
        await StartAsync(id);

        var refused = await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { Version = 7 }, Timers = [Timer(1)] });

        Assert.Equal(CommitResult.Conflict, refused);
        Assert.Empty(await Flow.Alarms.ClaimDueTimersAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 10, default));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task A_timer_is_due_from_its_own_instant_on(int microsecondsFromNow, bool due)
    {
        await SetTimerAsync(Timer(1) with { DueAt = Records.Now.AddMicroseconds(microsecondsFromNow) });

        var rings = await Flow.Alarms.ClaimDueTimersAsync(Records.Now, RingAgainAt, 10, default);

        Assert.Equal(due ? [new DueTimer(Records.Id(1), Records.Id(101), Records.Now.AddMicroseconds(microsecondsFromNow), 3)] : [], rings);
    }

    [Fact]
    public async Task A_timer_that_nobody_consumed_rings_again_at_the_instant_it_was_claimed_for()
    {
        await SetTimerAsync(Timer(1));
        await Flow.Alarms.ClaimDueTimersAsync(Records.Now, RingAgainAt, 10, default);

        var early = await Flow.Alarms.ClaimDueTimersAsync(RingAgainAt.AddMicroseconds(-1), RingAgainAt.AddSeconds(5), 10, default);
        var again = await Flow.Alarms.ClaimDueTimersAsync(RingAgainAt, RingAgainAt.AddSeconds(5), 10, default);

        Assert.Empty(early);
        Assert.Single(again);
    }

    [Fact]
    public async Task Timers_are_claimed_earliest_first_and_no_more_than_asked_for()
    {
        for (var i = 0; i < 5; i++)
        {
            await SetTimerAsync(Timer(i) with { DueAt = Records.Now.AddMicroseconds(-(i * 7 % 5)) });
        }

        var first = await Flow.Alarms.ClaimDueTimersAsync(Records.Now, RingAgainAt, 3, default);
        var rest = await Flow.Alarms.ClaimDueTimersAsync(Records.Now, RingAgainAt, 3, default);

        Assert.Equal([-4, -3, -2], first.Select(x => (int)(x.DueAt - Records.Now).TotalMicroseconds));
        Assert.Equal([-1, 0], rest.Select(x => (int)(x.DueAt - Records.Now).TotalMicroseconds));
    }

    [Fact]
    public async Task Timers_end_one_by_one_or_with_their_workflow()
    {
        var id = Records.Id(1);
        var (one, two, three) = (Timer(1), Timer(1) with { Id = Records.Id(102) }, Timer(1) with { Id = Records.Id(103) });
        await Flow.CommitAsync(new ChangeSet(id) { Timers = [one, two, three] });
        await SetTimerAsync(Timer(2));

        await Flow.CommitAsync(new ChangeSet(id) { EndedTimers = [one.Id, Records.Id(999)] });
        var afterOne = (await Flow.LoadAsync(new LoadKey(id) { TimerId = two.Id })).Timer;
        var next = Timer(1) with { Id = Records.Id(104), DueAt = Records.Now.AddDays(1) };
        await Flow.CommitAsync(new ChangeSet(id) { EndsAllTimers = true, Timers = [next] });

        Assert.Equal(two, afterOne);
        Assert.Equal(next, (await Flow.LoadAsync(new LoadKey(id) { TimerId = next.Id })).Timer);
        Assert.Equal(Records.Id(2), Assert.Single(await Flow.Alarms.ClaimDueTimersAsync(Records.Now, RingAgainAt, 10, default)).WorkflowId);
    }

    [Fact]
    public async Task Only_timers_that_became_due_in_the_gap_are_postponed()
    {
        var (since, until, to) = (Records.Now, Records.Now.AddSeconds(60), Records.Now.AddSeconds(90));
        foreach (var (number, dueAt) in new[] { (1, since), (2, since.AddMicroseconds(1)), (3, until), (4, until.AddMicroseconds(1)) })
        {
            await SetTimerAsync(Timer(number) with { DueAt = dueAt });
        }

        var moved = await Flow.Alarms.PostponeTimersAsync(since, until, to, default);

        var due = await Flow.Alarms.ClaimDueTimersAsync(DateTimeOffset.MaxValue, DateTimeOffset.MaxValue, 10, default);
        Assert.Equal(2, moved);
        Assert.Equal([since, until.AddMicroseconds(1), to, to], due.Select(x => x.DueAt));
    }

    [Fact]
    public async Task The_next_instant_is_the_earlier_of_deadline_and_timer()
    {
        await SetDueAsync(Records.Id(1), Records.Now.AddDays(1));
        await SetTimerAsync(Timer(2));

        var before = await Flow.Alarms.NextDueAsync(default);
        await Flow.Alarms.ClaimDueTimersAsync(Records.Now, RingAgainAt, 10, default);
        var after = await Flow.Alarms.NextDueAsync(default);

        Assert.Equal((Records.Now, Records.Now.AddDays(1)), (before, after));
    }

    private static TimerRecord Timer(int number) => new(
        Records.Id(number), Records.Id(number + 100), "data-routing", "urn:message:Bills:ReminderDue", """{"n":1.50}""", Records.Now, 3, Records.Now.AddMicroseconds(-5));

    private async Task SetTimerAsync(TimerRecord timer) => await Flow.CommitAsync(new ChangeSet(timer.WorkflowId) { Timers = [timer] });
}
