using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class RetryDecisionTests
{
    private static readonly ActivityPolicy Policy = new()
    {
        ScheduleToClose = Seconds(100),
        Retry = new RetryPolicy { Jitter = 0, NonRetryableTypes = ["PartnerRejected"] },
    };

    [Fact]
    [Trait("Req", "T1")]
    [Trait("Req", "E24")]
    [Trait("Req", "D13")]
    public void A_failed_attempt_is_tried_again_after_its_back_off()
    {
        var activity = new Rehearsal(Policy).Started().At(10).Failed();

        Assert.Equal(ActivityStatus.BackingOff, activity.State.Status);
        Assert.Equal((After(11), DeadlineKind.RetryBackoff), (activity.State.Due!.At, activity.State.Due.Kind));
        Assert.Equal([new ActivityEffect.AttemptClosed(1, AttemptEnd.Failed, null, Busy, After(11))], activity.Decision.Effects);
        Assert.Equal(ActivityStatus.Scheduled, activity.RingWhenDue().State.Status);
    }

    [Fact]
    public void A_back_off_that_rings_early_is_armed_again()
    {
        var activity = new Rehearsal(Policy).Started().At(10).Failed().AtDue(-Tick).Ring();

        Assert.Equal(ActivityStatus.BackingOff, activity.State.Status);
        Assert.Equal(After(11), activity.State.Due!.At);
    }

    [Theory]
    [Trait("Req", "T18")]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    public void The_maximum_counts_all_attempts(int maximum, int expected)
    {
        var activity = new Rehearsal(Policy with { Retry = Policy.Retry with { MaximumAttempts = maximum } });

        for (var attempt = 1; attempt < expected; attempt++)
        {
            activity.Started().Failed().RingWhenDue();
        }

        activity.Started().Failed();

        Assert.Equal((expected, ActivityStatus.Failed, Busy), (activity.State.Attempt, activity.State.Status, activity.State.Failure));
        Assert.Contains(new ActivityEffect.ActivityEnded(ActivityStatus.Failed), activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "T18")]
    public void A_failure_whose_type_is_listed_is_final()
    {
        var activity = new Rehearsal(Policy).Started().Failed(failure: new ActivityFailure("PartnerRejected", "No."));

        Assert.Equal(ActivityStatus.Failed, activity.State.Status);
    }

    [Fact]
    public void A_failure_that_forbids_a_retry_is_final()
    {
        var activity = new Rehearsal(Policy).Started().Failed(failure: ActivityFailure.NonRetryable("Odd", "No."));

        Assert.Equal(ActivityStatus.Failed, activity.State.Status);
    }

    [Fact]
    public void Types_are_compared_letter_by_letter()
    {
        var activity = new Rehearsal(Policy).Started().Failed(failure: new ActivityFailure("partnerRejected", "No."));

        Assert.Equal(ActivityStatus.BackingOff, activity.State.Status);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    public void A_failure_may_choose_the_delay(double chosen, double expected)
    {
        var activity = new Rehearsal(Policy).Started().At(10).Failed(failure: Busy with { NextRetryDelay = Seconds(chosen) });

        Assert.Equal(After(10 + expected), activity.State.Due!.At);
    }

    [Fact]
    [Trait("Req", "REL-K4")]
    public void A_chosen_delay_is_at_most_a_year()
    {
        var activity = new Rehearsal(Policy with { ScheduleToClose = null }).Started().Failed(failure: Busy with { NextRetryDelay = TimeSpan.MaxValue });

        Assert.Equal(Noon + TimeSpan.FromDays(365), activity.State.Due!.At);
    }

    [Theory]
    [Trait("Req", "T10")]
    [InlineData(-1, nameof(ActivityStatus.BackingOff))]
    [InlineData(0, nameof(ActivityStatus.Failed))]
    [InlineData(1, nameof(ActivityStatus.Failed))]
    public void A_retry_that_would_not_begin_before_schedule_to_close_is_not_waited_for(long ticks, string expected)
    {
        var activity = new Rehearsal(Policy).Started();

        activity.At(After(99) + TimeSpan.FromTicks(ticks)).Failed();

        Assert.Equal(expected, activity.State.Status.ToString());
    }

    [Fact]
    [Trait("Req", "T10")]
    public void An_activity_whose_retry_comes_too_late_ends_with_what_ended_its_last_attempt()
    {
        var activity = new Rehearsal(Policy with { StartToClose = Seconds(60) }).At(39.5).Started().RingWhenDue();

        Assert.Equal((ActivityStatus.TimedOut, TimeoutType.StartToClose), (activity.State.Status, activity.State.TimeoutType));
    }

    [Fact]
    [Trait("Req", "P23")]
    public void Released_attempts_lengthen_no_back_off_and_use_up_no_maximum()
    {
        var twice = Policy with { Retry = Policy.Retry with { MaximumAttempts = 2 } };
        var activity = new Rehearsal(twice).Released().Released().Started().At(10).Failed();

        Assert.Equal(After(11), activity.State.Due!.At);
        Assert.Equal(ActivityStatus.Failed, activity.RingWhenDue().Failed().State.Status);
        Assert.Equal(4, activity.State.Attempt);
    }

    [Fact]
    public void A_success_forgets_the_failures_before_it()
    {
        var activity = new Rehearsal(Policy).Started().Failed().RingWhenDue();
        Assert.Equal(Busy, activity.State.Failure);

        activity.Completed();

        Assert.Null(activity.State.Failure);
    }
}
