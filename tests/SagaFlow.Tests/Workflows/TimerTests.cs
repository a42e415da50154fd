using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Workflows;

public sealed class TimerTests
{
    private const string Number = "B-1";
    private static readonly TimeSpan FiveDays = TimeSpan.FromDays(5);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [Trait("Req", "P11")]
    public async Task A_timer_rings_at_its_own_instant_and_not_a_tick_before(int ticks, int reminders)
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));

        await flow.AdvanceAsync(FiveDays + (ticks * Tick));

        Assert.Equal(reminders, bill.Instance.Reminders.Count);
    }

    [Fact]
    [Trait("Req", "REL-T16")]
    public async Task A_timer_that_is_scheduled_anew_each_time_rings_each_time()
    {
        await using var flow = await StartAsync();
        var start = flow.Now;
        var bill = await flow.StartAsync(new BillSent(Number, 5));

        await flow.AdvanceAsync(TimeSpan.FromDays(100));

        Assert.Equal([start + FiveDays, start + (2 * FiveDays), start + (3 * FiveDays)], bill.Instance.Reminders);
        Assert.Null(bill.Instance.ReminderToken);
        await ShouldHaveNoTimerAsync(flow);
    }

    [Fact]
    public async Task A_timer_that_is_unscheduled_never_rings()
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));

        await bill.SignalAsync(new BillPaid(Number));
        await ShouldHaveNoTimerAsync(flow);
        await flow.AdvanceAsync(2 * FiveDays);

        Assert.Empty(bill.Instance.Reminders);
        Assert.Null(bill.Instance.ReminderToken);
        Assert.Equal(["TimerScheduled", "TimerUnscheduled"], await TimerHistoryAsync(bill));
    }

    [Fact]
    public async Task Unscheduling_a_timer_that_has_rung_does_nothing()
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));
        await flow.AdvanceAsync(3 * FiveDays);

        await bill.SignalAsync(new BillPaid(Number));

        Assert.DoesNotContain("TimerUnscheduled", await TimerHistoryAsync(bill));
        await bill.ShouldBeInAsync(x => x.Paid);
    }

    [Fact]
    [Trait("Req", "REL-T9")]
    public async Task A_timer_that_is_scheduled_again_rings_at_the_new_instant_only()
    {
        await using var flow = await StartAsync();
        var start = flow.Now;
        var bill = await flow.StartAsync(new BillSent(Number, 5));
        await flow.AdvanceAsync(TimeSpan.FromDays(1));

        await bill.SignalAsync(new DelayGranted(Number, 9));
        await flow.AdvanceAsync(TimeSpan.FromDays(9));

        Assert.Equal([start + TimeSpan.FromDays(10)], bill.Instance.Reminders);
    }

    [Fact]
    [Trait("Req", "REL-T9")]
    public async Task The_ring_of_a_timer_that_was_unscheduled_or_is_another_one_changes_nothing()
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));
        var first = bill.Instance.ReminderToken!.Value;
        await bill.SignalAsync(new DelayGranted(Number, 5));
        var second = bill.Instance.ReminderToken!.Value;
        await flow.AdvanceAsync(FiveDays - Tick);
        var rings = flow.Engine.Get<TimerRings>();

        var early = await rings.RingAsync(bill.Id, second, version: 1, CancellationToken.None);
        flow.Engine.Clock.AdvanceTo(flow.Now + Tick);
        var replaced = await rings.RingAsync(bill.Id, first, version: 0, CancellationToken.None);
        var otherVersion = await rings.RingAsync(bill.Id, second, version: 7, CancellationToken.None);
        var honest = await rings.RingAsync(bill.Id, second, version: 1, CancellationToken.None);
        var again = await rings.RingAsync(bill.Id, second, version: 1, CancellationToken.None);

        Assert.All([early, replaced, otherVersion, again], x => Assert.Equal(Disposition.Ignored, x.Disposition));
        Assert.Equal(Disposition.Applied, honest.Disposition);
        Assert.Single(bill.Instance.Reminders);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10, 0)]
    [InlineData(3_600, 3_630)]
    [Trait("Req", "P11")]
    [Trait("Req", "REL-C9")]
    public async Task A_timer_outlives_a_crash_and_rings_once(int downtimeSeconds, int latestSecond)
    {
        await using var flow = await StartAsync();
        var due = flow.Now + FiveDays;
        var bill = await flow.StartAsync(new BillSent(Number, 5));
        await flow.AdvanceAsync(FiveDays - TimeSpan.FromSeconds(downtimeSeconds > 15 ? 1 : downtimeSeconds + 1));

        await flow.RestartAsync(TimeSpan.FromSeconds(downtimeSeconds));
        await flow.AdvanceAsync(FiveDays - TimeSpan.FromHours(2));

        var rung = Assert.Single(flow.Workflow(Number).Instance.Reminders);
        Assert.Equal(latestSecond == 0 ? due : due - TimeSpan.FromSeconds(1) + TimeSpan.FromSeconds(latestSecond), rung);
        Assert.Equal(bill.Id, flow.Workflow(Number).Id);
    }

    [Fact]
    public async Task A_timer_that_rings_in_a_state_that_does_not_handle_it_is_kept()
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));
        await bill.SignalAsync(new BillDisputed(Number));

        await flow.AdvanceAsync(2 * FiveDays);
        var whileDisputed = bill.Instance.Reminders.Count;
        await bill.SignalAsync(new DisputeSettled(Number));

        Assert.Equal((0, 1), (whileDisputed, bill.Instance.Reminders.Count));
    }

    [Fact]
    public async Task Unscheduling_drops_a_timer_s_message_that_is_kept()
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));
        await bill.SignalAsync(new BillDisputed(Number));
        await flow.AdvanceAsync(FiveDays);

        await bill.SignalAsync(new BillPaid(Number));
        await bill.SignalAsync(new BillArchived(Number));

        Assert.Empty(await bill.ShouldBeCompletedAsync<DateTimeOffset[]>());
        Assert.DoesNotContain(await bill.HistoryAsync(), x => x.Kind == "EventDropped");
    }

    [Fact]
    public async Task A_workflow_that_ends_takes_its_timers_with_it()
    {
        await using var flow = await StartAsync();
        var bill = await flow.StartAsync(new BillSent(Number, 5));

        await bill.SignalAsync(new BillArchived(Number));

        await bill.ShouldBeCompletedAsync<DateTimeOffset[]>();
        await ShouldHaveNoTimerAsync(flow);
    }

    [Fact]
    public async Task A_message_that_is_no_timer_of_the_workflow_cannot_be_scheduled()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<StrayTimerWorkflow, StrayTimerInstance>());

        var stray = await flow.StartAsync(new BillSent(Number, 5));

        var failure = await stray.ShouldHaveFailedAsync();
        Assert.Contains("cannot be scheduled", $"{failure.Message} {failure.Details}", StringComparison.Ordinal);
    }

    private static async Task ShouldHaveNoTimerAsync(SagaFlowHarness flow) =>
        Assert.Null(await flow.Engine.Get<IAlarmStore>().NextDueAsync(CancellationToken.None));

    private static async Task<IEnumerable<string>> TimerHistoryAsync(WorkflowHandle<BillWorkflow, BillInstance> bill) =>
        (await bill.HistoryAsync()).Select(x => x.Kind).Where(x => x.StartsWith("Timer", StringComparison.Ordinal));

    private static Task<SagaFlowHarness<BillWorkflow, BillInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<BillWorkflow, BillInstance>());
}
