using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class HeartbeatAnswersTests
{
    private static readonly ActivityPolicy Beating = new() { ScheduleToClose = Seconds(1000), Heartbeat = Seconds(30) };
    private static readonly ActivityPolicy Silent = new() { ScheduleToClose = Seconds(1000), ScheduleToStart = Seconds(20) };

    [Fact]
    [Trait("Req", "E11")]
    [Trait("Req", "M12")]
    public void A_heartbeat_is_noted_and_the_alarm_is_left_alone()
    {
        var activity = new Rehearsal(Beating).At(10).Started();
        var due = activity.State.Due;

        activity.At(20).Heartbeat(sequence: 1, checkpoint: "row 7");

        Assert.Same(due, activity.State.Due);
        Assert.Equal((After(20), 1L, "row 7"), (activity.State.LastHeartbeatAt, activity.State.HeartbeatSequence, activity.State.Checkpoint));
        Assert.Equal([new ActivityEffect.HeartbeatTaken(1, "row 7")], activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "E11")]
    [Trait("Req", "T6")]
    [Trait("Req", "M12")]
    public void The_ring_compares_with_the_last_heartbeat_and_arms_itself_again()
    {
        var activity = new Rehearsal(Beating).At(10).Started().At(20).Heartbeat();

        activity.RingWhenDue();

        Assert.Equal(After(40), activity.Now);
        Assert.Equal((After(50), DeadlineKind.Heartbeat), (activity.State.Due!.At, activity.State.Due.Kind));
        Assert.Equal(ActivityStatus.Started, activity.State.Status);
    }

    [Theory]
    [Trait("Req", "T6")]
    [Trait("Req", "REL-I9")]
    [InlineData(-1, nameof(ActivityStatus.Started))]
    [InlineData(0, nameof(ActivityStatus.BackingOff))]
    [InlineData(1, nameof(ActivityStatus.BackingOff))]
    public void Silence_is_measured_from_the_last_heartbeat(long ticks, string expected)
    {
        var activity = new Rehearsal(Beating).At(10).Started().At(20).Heartbeat();

        activity.At(After(50) + TimeSpan.FromTicks(ticks)).Ring();

        Assert.Equal(expected, activity.State.Status.ToString());
    }

    [Fact]
    [Trait("Req", "REL-R20")]
    public void A_heartbeat_at_the_very_deadline_keeps_the_attempt_alive_when_it_is_first()
    {
        var activity = new Rehearsal(Beating).Started().At(30).Heartbeat();

        activity.Ring();

        Assert.Equal(ActivityStatus.Started, activity.State.Status);
        Assert.Equal(After(60), activity.State.Due!.At);
    }

    [Fact]
    [Trait("Req", "REL-R20")]
    public void A_heartbeat_at_the_very_deadline_is_too_late_when_the_ring_is_first()
    {
        var activity = new Rehearsal(Beating).Started().RingWhenDue().Heartbeat();

        Assert.Equal(Disposition.ActivityClosed, activity.Disposition);
        Assert.True(activity.Decision.CancelRequested);
    }

    [Fact]
    [Trait("Req", "REL-R6")]
    public void Overtaken_heartbeats_show_life_but_do_not_turn_progress_back()
    {
        var activity = new Rehearsal(Beating).Started().At(5).Heartbeat(sequence: 2, checkpoint: "two");

        activity.At(6).Heartbeat(sequence: 1, checkpoint: "one");

        Assert.Equal((After(6), 2L, "two"), (activity.State.LastHeartbeatAt, activity.State.HeartbeatSequence, activity.State.Checkpoint));
        Assert.Empty(activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "REL-R6")]
    public void A_repeated_heartbeat_changes_nothing()
    {
        var activity = new Rehearsal(Beating).Started().At(5).Heartbeat(sequence: 2);
        var before = activity.State;

        activity.At(6).Heartbeat(sequence: 2);

        Assert.Equal(Disposition.Duplicate, activity.Disposition);
        Assert.Same(before, activity.State);
    }

    [Fact]
    [Trait("Req", "T7")]
    [Trait("Req", "P2")]
    public void Without_a_heartbeat_timeout_nothing_is_recorded_and_the_sender_is_told()
    {
        var activity = new Rehearsal(Silent).Started();
        var before = activity.State;

        activity.At(1).Heartbeat(sequence: 1, checkpoint: "row 7");

        Assert.Equal((Disposition.Ignored, "no heartbeat timeout"), (activity.Disposition, activity.Decision.Detail));
        Assert.Same(before, activity.State);
    }

    [Fact]
    [Trait("Req", "T7")]
    public void Without_a_heartbeat_timeout_the_first_heartbeat_still_shows_that_the_attempt_began()
    {
        var activity = new Rehearsal(Silent).At(1).Heartbeat(checkpoint: "row 7");

        Assert.Equal([new ActivityEffect.AttemptStarted(1, After(1), Inferred: true)], activity.Decision.Effects);
        Assert.Equal(DeadlineKind.ScheduleToClose, activity.State.Due!.Kind);
        Assert.Null(activity.State.Checkpoint);
    }

    [Fact]
    [Trait("Req", "E21")]
    [Trait("Req", "E22")]
    public void The_next_attempt_gets_the_last_checkpoint_and_none_of_the_rest()
    {
        var activity = new Rehearsal(Beating).Started().At(5).Heartbeat(sequence: 9, checkpoint: "row 7").At(6).Heartbeat(sequence: 10);

        activity.At(7).Failed().RingWhenDue();

        var state = activity.State;
        Assert.Equal((2, "row 7"), (state.Attempt, state.Checkpoint));
        Assert.Null(state.StartedAt ?? state.LastHeartbeatAt);
        Assert.Null(state.HeartbeatSequence);
    }

    [Fact]
    [Trait("Req", "E22")]
    [Trait("Req", "P7")]
    public void A_failure_carries_the_last_checkpoint_with_it()
    {
        var activity = new Rehearsal(Silent).Started().At(5).Failed(checkpoint: "row 9");

        Assert.Equal("row 9", activity.State.Checkpoint);
    }

    [Fact]
    [Trait("Req", "E22")]
    public void Without_a_checkpoint_the_next_attempt_starts_from_the_beginning()
    {
        var activity = new Rehearsal(Silent).Started().Failed().RingWhenDue();

        Assert.Null(activity.State.Checkpoint);
    }
}
