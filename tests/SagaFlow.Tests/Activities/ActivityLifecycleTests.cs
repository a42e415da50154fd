using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class ActivityLifecycleTests
{
    private static readonly ActivityPolicy Patient = new() { ScheduleToClose = Seconds(3600), Heartbeat = Seconds(30) };

    [Fact]
    [Trait("Req", "T3")]
    public void Scheduling_hands_out_the_first_attempt_and_sets_its_deadline()
    {
        var activity = new Rehearsal(Patient);

        Assert.Equal(ActivityStatus.Scheduled, activity.State.Status);
        Assert.Equal(1, activity.State.Attempt);
        Assert.Equal(new Deadline(After(3600), DeadlineKind.ScheduleToClose, 1), activity.State.Due);
        Assert.Equal([new ActivityEffect.RequestAttempt(1)], activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "T3")]
    public void An_activity_is_started_and_closed_with_its_result()
    {
        var activity = new Rehearsal(Patient).At(1).Started().At(2).Completed(result: "42");

        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
        Assert.Equal("42", activity.State.Result);
        Assert.Equal(After(2), activity.State.ClosedAt);
        Assert.Null(activity.State.Due);
        Assert.Equal(
            [
                new ActivityEffect.AttemptClosed(1, AttemptEnd.Completed, null, null, null),
                new ActivityEffect.ActivityEnded(ActivityStatus.Completed),
            ],
            activity.Decision.Effects);
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(10, 0)]
    [InlineData(9_000_000, 0)]
    [InlineData(-5, 10)]
    public void A_start_counts_from_when_it_began_but_not_from_before_it_was_handed_out(double ranFor, double startedAt)
    {
        var activity = new Rehearsal(Patient).At(10).Started(runningFor: Seconds(ranFor));

        Assert.Equal(After(startedAt), activity.State.StartedAt);
    }

    [Fact]
    public void A_repeated_start_of_the_open_attempt_changes_nothing()
    {
        var activity = new Rehearsal(Patient).At(1).Started();
        var before = activity.State;

        activity.At(2).Started();

        Assert.Equal(Disposition.Duplicate, activity.Disposition);
        Assert.Same(before, activity.State);
    }

    [Theory]
    [Trait("Req", "REL-R2")]
    [InlineData("SHC", "Applied Applied Applied")]
    [InlineData("SCH", "Applied Applied ActivityClosed")]
    [InlineData("HSC", "Applied Duplicate Applied")]
    [InlineData("HCS", "Applied Applied ActivityClosed")]
    [InlineData("CSH", "Applied ActivityClosed ActivityClosed")]
    [InlineData("CHS", "Applied ActivityClosed ActivityClosed")]
    public void Start_heartbeat_and_result_may_come_in_any_order(string order, string expected)
    {
        var activity = new Rehearsal(Patient).At(1);
        var effects = new List<ActivityEffect>();
        var dispositions = new List<Disposition>();

        foreach (var answer in order)
        {
            _ = answer switch { 'S' => activity.Started(), 'H' => activity.Heartbeat(), _ => activity.Completed() };
            effects.AddRange(activity.Decision.Effects);
            dispositions.Add(activity.Disposition);
        }

        Assert.Equal(expected, string.Join(' ', dispositions));
        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
        Assert.Equal(After(1), activity.State.StartedAt);
        Assert.Equal(order[0] != 'S', Assert.Single(effects.OfType<ActivityEffect.AttemptStarted>()).Inferred);
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public void A_result_after_the_deadline_counts_when_it_comes_before_the_ring()
    {
        var activity = new Rehearsal(Patient with { StartToClose = Seconds(60) }).Started();

        activity.AtDue(Seconds(5)).Completed();

        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
    }

    [Fact]
    [Trait("Req", "REL-R10")]
    public void The_first_outcome_of_an_attempt_wins()
    {
        var activity = new Rehearsal(Patient).Started().Completed().Failed();

        Assert.Equal(Disposition.DuplicateConflict, activity.Disposition);
        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
    }

    [Fact]
    [Trait("Req", "E16")]
    public void A_token_of_the_activity_answers_for_every_attempt()
    {
        var activity = new Rehearsal(Patient).Started(attempt: 0).Failed(attempt: 0).RingWhenDue();

        activity.Completed(attempt: 0, result: "7");

        Assert.Equal("7", activity.State.Result);
        Assert.Equal(2, activity.State.Attempt);
    }

    [Fact]
    [Trait("Req", "E16")]
    [Trait("Req", "P3")]
    public void A_token_of_the_activity_brings_its_result_between_two_attempts()
    {
        var activity = new Rehearsal(Patient).Started().AtDue().Ring();
        Assert.Equal(ActivityStatus.BackingOff, activity.State.Status);

        activity.Completed(attempt: 0, result: "7");

        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
        Assert.Null(activity.State.Due);
        Assert.Equal([new ActivityEffect.ActivityEnded(ActivityStatus.Completed)], activity.Decision.Effects);
        Assert.Equal(Disposition.Duplicate, activity.Completed(attempt: 0, result: "7").Disposition);
        Assert.Equal(Disposition.DuplicateConflict, activity.Completed(attempt: 0, result: "8").Disposition);
        Assert.Equal(Disposition.TimedOut, activity.Completed(attempt: 1, result: "7").Disposition);
    }

    [Fact]
    [Trait("Req", "P3")]
    [Trait("Req", "P23")]
    public void A_released_attempt_is_followed_at_once_and_costs_nothing()
    {
        var once = Patient with { Retry = new RetryPolicy { MaximumAttempts = 1 } };

        var activity = new Rehearsal(once).Started().At(5).Released(checkpoint: "half");

        Assert.Equal(ActivityStatus.Scheduled, activity.State.Status);
        Assert.Equal((2, 1, "half"), (activity.State.Attempt, activity.State.ReleasedCount, activity.State.Checkpoint));
        Assert.Equal(
            [
                new ActivityEffect.AttemptClosed(1, AttemptEnd.Released, null, null, After(5)),
                new ActivityEffect.RequestAttempt(2),
            ],
            activity.Decision.Effects);
    }

    [Fact]
    public void The_next_attempt_has_its_deadline_under_a_version_of_its_own()
    {
        var activity = new Rehearsal(new ActivityPolicy { ScheduleToClose = Seconds(60) }).Started();
        var before = activity.State.Due!;

        activity.Released();

        Assert.Equal(before with { Version = before.Version + 1 }, activity.State.Due);
    }

    [Fact]
    public void A_release_at_the_schedule_to_close_deadline_ends_the_activity()
    {
        var activity = new Rehearsal(new ActivityPolicy { ScheduleToClose = Seconds(60) }).Started();

        activity.At(60).Released();

        Assert.Equal((ActivityStatus.TimedOut, TimeoutType.ScheduleToClose), (activity.State.Status, activity.State.TimeoutType));
    }

    [Fact]
    [Trait("Req", "REL-K6")]
    public void A_second_ring_of_the_same_deadline_changes_nothing()
    {
        var activity = new Rehearsal(Patient with { StartToClose = Seconds(20) }).Started().AtDue();
        var ring = new ActivityEvent.Ring(1, activity.State.Due!.Kind, activity.State.Due.Version);
        var after = activity.Decide(ring).State;

        activity.Decide(ring);

        Assert.Equal(Disposition.Ignored, activity.Disposition);
        Assert.Same(after, activity.State);
    }

    [Theory]
    [InlineData(2, nameof(DeadlineKind.ScheduleToClose), 1)]
    [InlineData(1, nameof(DeadlineKind.StartToClose), 1)]
    [InlineData(1, nameof(DeadlineKind.ScheduleToClose), 2)]
    [InlineData(1, nameof(DeadlineKind.ScheduleToClose), 0)]
    public void A_ring_that_names_anything_else_than_the_armed_deadline_is_stale(int attempt, string kind, int version)
    {
        var activity = new Rehearsal(Patient).AtDue(Tick);
        var before = activity.State;

        activity.Decide(new ActivityEvent.Ring(attempt, Enum.Parse<DeadlineKind>(kind), version));

        Assert.Equal(Disposition.Ignored, activity.Disposition);
        Assert.Same(before, activity.State);
    }
}
