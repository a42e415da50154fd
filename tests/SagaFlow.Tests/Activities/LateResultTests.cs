using SagaFlow.Activities;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Activities.Rehearsal;

namespace SagaFlow.Tests.Activities;

public sealed class LateResultTests
{
    private static readonly ActivityPolicy Policy = new() { StartToClose = Seconds(60), Retry = new RetryPolicy { Jitter = 0 } };

    [Theory]
    [InlineData(LateAttemptPolicy.Refuse, false, Disposition.TimedOut)]
    [InlineData(LateAttemptPolicy.Refuse, true, Disposition.StaleAttempt)]
    [InlineData(LateAttemptPolicy.Accept, false, Disposition.Applied)]
    [InlineData(LateAttemptPolicy.Accept, true, Disposition.Applied)]
    [InlineData(LateAttemptPolicy.AcceptIfNotRedispatched, false, Disposition.Applied)]
    [InlineData(LateAttemptPolicy.AcceptIfNotRedispatched, true, Disposition.StaleAttempt)]
    [Trait("Req", "P3")]
    public void The_policy_says_whether_a_late_result_counts(LateAttemptPolicy policy, bool redispatched, Disposition expected)
    {
        var activity = TimedOut(policy, redispatched).Completed(attempt: 1, result: "7");

        Assert.Equal(expected, activity.Disposition);
        Assert.Equal(expected is Disposition.Applied ? "7" : null, activity.State.Result);
        Assert.Equal(expected is Disposition.Applied, activity.State.IsClosed);
    }

    [Fact]
    [Trait("Req", "P3")]
    public void A_newer_attempt_is_told_to_stop_and_its_answers_are_refused()
    {
        var activity = TimedOut(LateAttemptPolicy.Accept, redispatched: true).Started().Completed(attempt: 1, result: "7");

        Assert.Equal(
            ["PushCancel", "AttemptClosed", "LateResultTaken", "ActivityEnded"], activity.Decision.Effects.Select(x => x.GetType().Name));
        Assert.Equal(Disposition.Canceled, activity.Completed(attempt: 2, result: "8").Disposition);
        Assert.Equal("7", activity.State.Result);
    }

    [Fact]
    [Trait("Req", "P3")]
    public void A_late_result_that_was_accepted_is_recognised_when_it_comes_again()
    {
        var activity = TimedOut(LateAttemptPolicy.Accept, redispatched: true).Completed(attempt: 1, result: "7");

        Assert.Equal(Disposition.Duplicate, activity.Completed(attempt: 1, result: "7").Disposition);
        Assert.Equal(Disposition.DuplicateConflict, activity.Completed(attempt: 1, result: "8").Disposition);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("released")]
    [InlineData("canceled")]
    [Trait("Req", "P3")]
    public void Only_a_result_counts_late(string answer)
    {
        var activity = TimedOut(LateAttemptPolicy.Accept, redispatched: true);

        var said = answer switch
        {
            "failed" => activity.Failed(attempt: 1),
            "released" => activity.Released(attempt: 1),
            _ => activity.CancelAcknowledged(attempt: 1),
        };

        Assert.Equal(Disposition.StaleAttempt, said.Disposition);
    }

    [Fact]
    [Trait("Req", "P3")]
    public void What_an_answer_closed_stays_closed_whatever_the_policy()
    {
        var failed = new Rehearsal(Policy with { LateAttempts = LateAttemptPolicy.Accept }).Failed().Completed(attempt: 1);
        var ended = TimedOut(LateAttemptPolicy.Accept, redispatched: false).Cancel(CancellationMode.Try).Completed(attempt: 1);

        Assert.Equal(Disposition.DuplicateConflict, failed.Disposition);
        Assert.Equal(Disposition.TimedOut, ended.Disposition);
    }

    private static Rehearsal TimedOut(LateAttemptPolicy policy, bool redispatched)
    {
        var activity = new Rehearsal(Policy with { LateAttempts = policy }).Started().RingWhenDue();
        return redispatched ? activity.RingWhenDue() : activity;
    }
}
