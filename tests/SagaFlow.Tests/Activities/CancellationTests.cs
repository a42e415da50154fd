using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class CancellationTests
{
    private static readonly ActivityPolicy Policy = new()
    {
        StartToClose = Seconds(60),
        ScheduleToClose = Seconds(1000),
        Heartbeat = Seconds(30),
    };

    private static readonly ActivityEffect Ended = new ActivityEffect.ActivityEnded(ActivityStatus.Canceled);
    private static readonly ActivityEffect Pushed = new ActivityEffect.PushCancel(1, "not needed");
    private static readonly ActivityEffect Requested = new ActivityEffect.CancelRequested("not needed");
    private static readonly ActivityEffect Closed = new ActivityEffect.AttemptClosed(1, AttemptEnd.Canceled, null, null, null);

    [Fact]
    [Trait("Req", "T20")]
    [Trait("Req", "E20")]
    [Trait("Req", "E19")]
    public void Wait_asks_the_holder_to_stop_and_goes_on()
    {
        var activity = new Rehearsal(Policy).Started();
        var due = activity.State.Due;

        activity.At(5).Cancel(CancellationMode.Wait);

        Assert.Equal([Requested, Pushed], activity.Decision.Effects);
        Assert.Equal(ActivityStatus.Started, activity.State.Status);
        Assert.Same(due, activity.State.Due);
        Assert.True(activity.At(6).Heartbeat().Decision.CancelRequested);
    }

    [Fact]
    [Trait("Req", "T20")]
    [Trait("Req", "REL-R12")]
    public void While_it_waits_a_result_is_still_taken()
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Wait).Completed();

        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
    }

    [Theory]
    [Trait("Req", "T20")]
    [InlineData("acknowledged")]
    [InlineData("failed")]
    [InlineData("timed out")]
    [InlineData("released")]
    public void While_it_waits_any_other_end_of_the_attempt_cancels_the_activity(string end)
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Wait);

        _ = end switch
        {
            "acknowledged" => activity.CancelAcknowledged(),
            "failed" => activity.Failed(),
            "released" => activity.Released(),
            _ => activity.RingWhenDue(),
        };

        Assert.Equal(ActivityStatus.Canceled, activity.State.Status);
        Assert.False(activity.State.CancelRequested);
        Assert.Equal("not needed", activity.State.CancelReason);
        Assert.Equal(end is "failed" ? Busy : null, activity.State.Failure);
        Assert.Contains(Ended, activity.Decision.Effects);
    }

    [Fact]
    public void Asking_to_wait_twice_changes_nothing()
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Wait);
        var before = activity.State;

        activity.Cancel(CancellationMode.Wait);

        Assert.Equal(Disposition.Duplicate, activity.Disposition);
        Assert.Same(before, activity.State);
    }

    [Fact]
    [Trait("Req", "T20")]
    public void Try_closes_at_once_and_tells_the_holder()
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Try);

        Assert.Equal([Requested, Pushed, Closed, Ended], activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "T20")]
    public void Abandon_closes_at_once_and_tells_nobody()
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Abandon);

        Assert.Equal([Requested, Closed, Ended], activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "T20")]
    public void A_wait_can_be_cut_short()
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Wait).Cancel(CancellationMode.Abandon);

        Assert.Equal(ActivityStatus.Canceled, activity.State.Status);
    }

    [Fact]
    public void An_attempt_that_has_not_started_is_not_waited_for()
    {
        var activity = new Rehearsal(Policy).Cancel(CancellationMode.Wait);

        Assert.Equal([Requested, Pushed, Closed, Ended], activity.Decision.Effects);
    }

    [Fact]
    public void A_back_off_is_not_waited_for()
    {
        var activity = new Rehearsal(Policy).Started().Failed().Cancel(CancellationMode.Wait);

        Assert.Equal([Requested, Ended], activity.Decision.Effects);
        Assert.Null(activity.State.Due);
    }

    [Fact]
    [Trait("Req", "REL-R12")]
    public void A_cancellation_after_the_end_changes_nothing()
    {
        var activity = new Rehearsal(Policy).Completed();
        var before = activity.State;

        activity.Cancel(CancellationMode.Try);

        Assert.Equal((Disposition.Ignored, "already closed"), (activity.Disposition, activity.Decision.Detail));
        Assert.Same(before, activity.State);
    }

    [Fact]
    public void A_holder_that_stops_unasked_is_believed()
    {
        var activity = new Rehearsal(Policy).CancelAcknowledged();

        Assert.Equal(ActivityStatus.Canceled, activity.State.Status);
        Assert.Equal(1, activity.State.Attempt);
    }

    [Theory]
    [InlineData(false, nameof(AttemptEnd.WorkflowClosed))]
    [InlineData(true, nameof(AttemptEnd.Canceled))]
    public void A_workflow_that_ends_takes_its_activities_with_it_and_hears_nothing_of_them(bool canceled, string how)
    {
        var activity = new Rehearsal(Policy).Started().WorkflowEnded(canceled);

        var closed = new ActivityEffect.AttemptClosed(1, Enum.Parse<AttemptEnd>(how), null, null, null);
        Assert.Equal([new ActivityEffect.PushCancel(1, "ended"), closed, new ActivityEffect.ClosedWithWorkflow(1)], activity.Decision.Effects);
        Assert.Equal(ActivityStatus.Canceled, activity.State.Status);
        Assert.Null(activity.State.Due);
    }

    [Fact]
    public void A_workflow_that_ends_during_a_back_off_has_nobody_to_tell()
    {
        var activity = new Rehearsal(Policy).Started().Failed().WorkflowEnded();

        Assert.Equal([new ActivityEffect.ClosedWithWorkflow(1)], activity.Decision.Effects);
        Assert.Equal(ActivityStatus.Canceled, activity.State.Status);
    }
}
