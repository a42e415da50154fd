using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class LateAnswersTests
{
    private static readonly ActivityPolicy Policy = new() { StartToClose = Seconds(60), Heartbeat = Seconds(30), Retry = new RetryPolicy { Jitter = 0 } };

    /// <summary>How attempt 1 ended, what its holder says then, and what it is told: the precedence in one table.</summary>
    public static TheoryData<string, string, string> Table => new()
    {
        { "completed", "completed", "Duplicate" },
        { "completed", "completed otherwise", "DuplicateConflict" },
        { "completed", "failed", "DuplicateConflict" },
        { "completed", "released", "DuplicateConflict" },
        { "completed", "started", "ActivityClosed, stop" },
        { "completed", "heartbeat", "ActivityClosed, stop" },
        { "failed for good", "failed for good", "Duplicate" },
        { "failed for good", "completed", "DuplicateConflict" },
        { "failed, backing off", "failed", "Duplicate" },
        { "failed, backing off", "completed", "DuplicateConflict" },
        { "failed, backing off", "heartbeat", "ActivityClosed, stop" },
        { "failed, retried", "failed", "Duplicate" },
        { "failed, retried", "completed", "DuplicateConflict" },
        { "failed, retried", "heartbeat", "StaleAttempt, stop" },
        { "timed out, backing off", "completed", "TimedOut, stop" },
        { "timed out, backing off", "failed", "TimedOut, stop" },
        { "timed out, backing off", "started", "ActivityClosed, stop" },
        { "timed out, retried", "completed", "StaleAttempt, stop" },
        { "timed out, retried", "canceled", "StaleAttempt, stop" },
        { "timed out, retried", "started", "StaleAttempt, stop" },
        { "timed out, retried", "heartbeat", "StaleAttempt, stop" },
        { "timed out, then canceled", "completed", "TimedOut, stop" },
        { "released", "released", "Duplicate" },
        { "released", "completed", "DuplicateConflict" },
        { "canceled by the workflow", "completed", "Canceled, stop" },
        { "canceled by the workflow", "canceled", "Canceled, stop" },
        { "canceled by the workflow", "heartbeat", "ActivityClosed, stop" },
        { "canceled by its holder", "canceled", "Duplicate" },
        { "canceled by its holder", "completed", "DuplicateConflict" },
        { "workflow ended", "completed", "WorkflowClosed, stop" },
        { "workflow ended", "heartbeat", "ActivityClosed, stop" },
        { "workflow canceled", "completed", "Canceled, stop" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    [Trait("Req", "D4")]
    [Trait("Req", "E19")]
    [Trait("Req", "REL-R4")]
    [Trait("Req", "REL-R5")]
    [Trait("Req", "REL-R7")]
    [Trait("Req", "REL-R8")]
    [Trait("Req", "REL-R9")]
    [Trait("Req", "REL-R16")]
    public void A_late_answer_is_told_why_it_is_too_late_and_changes_nothing(string ended, string answer, string expected)
    {
        var activity = End(new Rehearsal(Policy).Started(), ended);
        var before = activity.State;

        Say(activity, answer);

        Assert.Equal(expected, $"{activity.Disposition}{(activity.Decision.CancelRequested ? ", stop" : "")}");
        Assert.Same(before, activity.State);
        Assert.Empty(activity.Decision.Effects);
    }

    [Fact]
    [Trait("Req", "REL-R19")]
    public void A_start_after_schedule_to_start_tells_the_worker_to_stop()
    {
        var activity = new Rehearsal(Policy with { ScheduleToStart = Seconds(5) }).RingWhenDue().Started(attempt: 1);

        Assert.Equal(Disposition.ActivityClosed, activity.Disposition);
        Assert.True(activity.Decision.CancelRequested);
    }

    [Fact]
    [Trait("Req", "REL-R1")]
    public void A_token_of_an_attempt_that_never_was_is_stale()
    {
        var activity = new Rehearsal(Policy).Started().Completed(attempt: 3);

        Assert.Equal(Disposition.StaleAttempt, activity.Disposition);
        Assert.Equal("attempt 3 is unknown here: the current one is 1", activity.Decision.Detail);
        Assert.True(activity.Decision.CancelRequested);
    }

    [Fact]
    public void A_timed_out_answer_says_when_its_attempt_ended()
    {
        var activity = new Rehearsal(Policy).Started().RingWhenDue().Completed();

        Assert.Equal("attempt 1 ended at 2026-01-01T12:00:30Z: TimedOut", activity.Decision.Detail);
    }

    [Fact]
    public void A_late_heartbeat_is_told_what_became_of_its_attempt()
    {
        var activity = new Rehearsal(Policy).Started().Cancel(CancellationMode.Try).Heartbeat(attempt: 1);

        Assert.Equal(Disposition.ActivityClosed, activity.Disposition);
        Assert.Equal("attempt 1 ended at 2026-01-01T12:00:00Z: Canceled", activity.Decision.Detail);
    }

    [Fact]
    public void Only_the_last_sixteen_endings_are_remembered()
    {
        var activity = new Rehearsal(Policy);
        for (var attempt = 1; attempt < 18; attempt++)
        {
            activity.Failed().RingWhenDue();
        }

        Assert.Equal(16, activity.State.ClosedAttempts.Count);
        Assert.Equal(Disposition.StaleAttempt, activity.Failed(attempt: 1).Disposition);
        Assert.Equal(Disposition.Duplicate, activity.Failed(attempt: 2).Disposition);
    }

    [Fact]
    [Trait("Req", "E16")]
    public void A_holder_of_the_activitys_token_may_go_on_between_two_attempts()
    {
        var activity = new Rehearsal(Policy).Started().RingWhenDue().Heartbeat(attempt: 0);

        Assert.Equal(Disposition.Ignored, activity.Disposition);
        Assert.False(activity.Decision.CancelRequested);
    }

    [Fact]
    [Trait("Req", "E16")]
    public void The_activitys_token_hears_how_the_activity_ended_not_its_attempt()
    {
        var activity = new Rehearsal(Policy).Started().RingWhenDue().WorkflowEnded();

        Assert.Equal(Disposition.WorkflowClosed, activity.Completed(attempt: 0).Disposition);
        Assert.Equal(Disposition.TimedOut, activity.Completed(attempt: 1).Disposition);
    }

    [Fact]
    [Trait("Req", "E16")]
    [Trait("Req", "REL-R8")]
    public void The_activitys_token_may_repeat_any_of_its_answers()
    {
        var activity = new Rehearsal(Policy).Failed(attempt: 0).RingWhenDue().Started().RingWhenDue();

        Assert.Equal(Disposition.Duplicate, activity.Failed(attempt: 0).Disposition);
        Assert.Equal(Disposition.TimedOut, activity.Failed(attempt: 0, failure: Busy with { Message = "Still." }).Disposition);
    }

    private static Rehearsal End(Rehearsal activity, string how) => how switch
    {
        "completed" => activity.Completed(),
        "failed for good" => activity.Failed(failure: ActivityFailure.NonRetryable("Odd", "No.")),
        "failed, backing off" => activity.Failed(),
        "failed, retried" => activity.Failed().RingWhenDue(),
        "timed out, backing off" => activity.RingWhenDue(),
        "timed out, retried" => activity.RingWhenDue().RingWhenDue(),
        "timed out, then canceled" => activity.RingWhenDue().Cancel(CancellationMode.Try),
        "released" => activity.Released(),
        "canceled by the workflow" => activity.Cancel(CancellationMode.Try),
        "canceled by its holder" => activity.CancelAcknowledged(),
        "workflow ended" => activity.WorkflowEnded(),
        _ => activity.WorkflowEnded(canceled: true),
    };

    private static Rehearsal Say(Rehearsal activity, string answer) => answer switch
    {
        "started" => activity.Started(attempt: 1),
        "heartbeat" => activity.Heartbeat(attempt: 1),
        "completed" => activity.Completed(attempt: 1),
        "completed otherwise" => activity.Completed(attempt: 1, result: "2"),
        "failed" => activity.Failed(attempt: 1),
        "failed for good" => activity.Failed(attempt: 1, failure: ActivityFailure.NonRetryable("Odd", "No.")),
        "canceled" => activity.CancelAcknowledged(attempt: 1),
        _ => activity.Released(attempt: 1),
    };
}
