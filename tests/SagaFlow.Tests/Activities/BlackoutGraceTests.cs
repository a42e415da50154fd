using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class BlackoutGraceTests
{
    private static readonly ActivityPolicy Policy = new() { StartToClose = Seconds(60), ScheduleToClose = Seconds(100), Retry = new RetryPolicy { Jitter = 0 } };

    [Theory]
    [Trait("Req", "REL-R3")]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Only_a_deadline_after_the_last_sign_of_an_engine_is_moved(long ticksAfterSince, bool moved)
    {
        var since = After(60) - TimeSpan.FromTicks(ticksAfterSince);

        var activity = new Rehearsal(Policy).Started().Decide(Blackout(since, After(90)));

        Assert.Equal(moved ? After(120) : After(60), activity.State.Due!.At);
        Assert.Equal(moved ? Disposition.Applied : Disposition.Ignored, activity.Disposition);
    }

    [Theory]
    [Trait("Req", "REL-R3")]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Only_a_deadline_that_has_passed_is_moved(long ticksAfterDeadline, bool moved)
    {
        var until = After(60) + TimeSpan.FromTicks(ticksAfterDeadline);

        var activity = new Rehearsal(Policy).Started().Decide(Blackout(After(30), until));

        Assert.Equal(moved ? until + Seconds(30) : After(60), activity.State.Due!.At);
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public void A_moved_deadline_says_so_and_stays_moved_for_what_is_read_next()
    {
        var activity = new Rehearsal(Policy).Started().At(110).Decide(Blackout(After(50), After(110)));
        Assert.Equal([new ActivityEffect.DeadlineMoved(After(60), After(140))], activity.Decision.Effects);
        Assert.Equal(2, activity.State.DueVersion - 1);

        activity.Failed().RingWhenDue().Started();

        Assert.Equal((After(140), DeadlineKind.ScheduleToClose), (activity.State.Due!.At, activity.State.Due.Kind));
        Assert.Equal(ActivityStatus.TimedOut, activity.RingWhenDue().State.Status);
    }

    [Fact]
    [Trait("Req", "REL-R3")]
    public void A_result_that_was_queued_during_the_blackout_is_taken()
    {
        var activity = new Rehearsal(Policy).Started().At(300).Decide(Blackout(After(50), After(300)));
        var oldRing = new ActivityEvent.Ring(1, DeadlineKind.StartToClose, activity.State.DueVersion - 1);

        activity.Decide(oldRing).At(329).Completed();

        Assert.Equal(ActivityStatus.Completed, activity.State.Status);
    }

    [Fact]
    public void The_end_of_a_back_off_is_not_moved()
    {
        var activity = new Rehearsal(Policy).Started().At(50).Failed();
        var due = activity.State.Due;

        activity.At(90).Decide(Blackout(After(45), After(90)));

        Assert.Same(due, activity.State.Due);
        Assert.Equal(ActivityStatus.Scheduled, activity.Ring().State.Status);
    }

    [Fact]
    public void The_same_blackout_told_twice_moves_a_deadline_once()
    {
        var activity = new Rehearsal(Policy).Started().Decide(Blackout(After(50), After(90)));
        var before = activity.State;

        activity.Decide(Blackout(After(50), After(90)));

        Assert.Equal(Disposition.Ignored, activity.Disposition);
        Assert.Same(before, activity.State);
    }

    private static ActivityEvent.Blackout Blackout(DateTimeOffset since, DateTimeOffset until) => new(since, until, Seconds(30));
}
