using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>Every answer gets a receipt that says what became of it, also late, twice or after the end.</summary>
public sealed class AnswerTests
{
    private static readonly Verdict Fine = new("fine");

    public static TheoryData<string, string, Disposition> LateAnswers => new()
    {
        { "completed", "complete", Disposition.Duplicate },
        { "completed", "complete otherwise", Disposition.DuplicateConflict },
        { "completed", "fail", Disposition.DuplicateConflict },
        { "completed", "heartbeat", Disposition.ActivityClosed },
        { "completed", "started", Disposition.ActivityClosed },
        { "failed, backing off", "fail", Disposition.Duplicate },
        { "failed, backing off", "complete", Disposition.DuplicateConflict },
        { "failed, backing off", "heartbeat", Disposition.ActivityClosed },
        { "timed out, backing off", "complete", Disposition.TimedOut },
        { "failed, second attempt", "fail", Disposition.Duplicate },
        { "failed, second attempt", "complete", Disposition.DuplicateConflict },
        { "failed, second attempt", "heartbeat", Disposition.StaleAttempt },
        { "failed, second attempt", "started", Disposition.StaleAttempt },
        { "timed out, second attempt", "complete", Disposition.StaleAttempt },
        { "timed out for good", "complete", Disposition.TimedOut },
        { "timed out for good", "fail", Disposition.TimedOut },
        { "timed out for good", "heartbeat", Disposition.ActivityClosed },
    };

    [Theory]
    [Trait("Req", "REL-R4")]
    [Trait("Req", "REL-R5")]
    [Trait("Req", "REL-R7")]
    [Trait("Req", "REL-R8")]
    [Trait("Req", "REL-R9")]
    [Trait("Req", "REL-R16")]
    [Trait("Req", "P10")]
    [Trait("Req", "M2")]
    [MemberData(nameof(LateAnswers))]
    public async Task A_late_or_repeated_answer_changes_nothing_and_is_told_why(string situation, string answer, Disposition expected)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { StartToCloseSeconds = 60, HeartbeatSeconds = 50, MaximumAttempts = 2, ScheduleToCloseSeconds = 90 });
        await BringAboutAsync(flow, review, situation);
        var before = (await review.HistoryAsync()).ToString();

        var receipt = await AnswerAsync(review.Activity("Review").Attempt(1), answer);

        Assert.Equal(expected, receipt.Disposition);
        Assert.Equal(before, (await review.HistoryAsync()).ToString());
        Assert.Equal(expected is not (Disposition.Duplicate or Disposition.DuplicateConflict), receipt.CancelRequested);
    }

    [Fact]
    [Trait("Req", "P10")]
    public async Task An_answer_for_an_activity_that_was_closed_with_its_workflow_is_told_so()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ShopWorkflow, ShopInstance>());
        var shop = await flow.StartAsync(new BasketPaid("B-1"));
        await shop.Activity("Pack").CompleteAsync("parcel");

        var receipt = await shop.Activity("Thank").CompleteAsync("card");
        var heartbeat = await shop.Activity("Thank").HeartbeatAsync();

        Assert.Equal("parcel", await shop.ShouldBeCompletedAsync<string>());
        Assert.Equal(Disposition.WorkflowClosed, receipt.Disposition);
        Assert.Equal(Disposition.ActivityClosed, heartbeat.Disposition);
        Assert.True(heartbeat.CancelRequested);
        Assert.Empty(flow.Requests);
    }

    [Theory]
    [Trait("Req", "P4")]
    [InlineData("{", Disposition.Malformed)]
    [InlineData("""{"kind":"completed","result":1}""", Disposition.Malformed)]
    [InlineData("""{"kind":"completed","taskToken":"sf1.k1.AAAA.AAAA","result":1}""", Disposition.InvalidToken)]
    public async Task What_cannot_be_read_or_is_forged_is_refused_at_once(string json, Disposition expected)
    {
        await using var flow = await StartAsync();

        Assert.Equal(expected, (await flow.AnswerAsync(json)).Disposition);
    }

    [Fact]
    [Trait("Req", "E15")]
    public async Task A_token_that_was_changed_by_one_character_is_refused()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));
        var token = review.Activity("Review").Token;
        var changed = token[..20] + (token[20] == 'A' ? 'B' : 'A') + token[21..];

        var receipt = await flow.AnswerAsync(new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = changed });

        Assert.Equal(Disposition.InvalidToken, receipt.Disposition);
        await review.ShouldBeInAsync(x => x.Review.Pending);
    }

    [Fact]
    [Trait("Req", "E13")]
    [Trait("Req", "E15")]
    public async Task One_token_starts_heartbeats_and_completes()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));
        var activity = review.Activity("Review");

        Disposition[] dispositions =
        [
            (await activity.StartedAsync()).Disposition,
            (await activity.HeartbeatAsync(checkpoint: 1)).Disposition,
            (await activity.CompleteAsync(Fine)).Disposition,
        ];

        Assert.Equal([Disposition.Applied, Disposition.Applied, Disposition.Applied], dispositions);
        Assert.Equal(Fine, await review.ShouldBeCompletedAsync<Verdict>());
    }

    [Fact]
    [Trait("Req", "E14")]
    public async Task A_failure_from_outside_reaches_the_workflow_with_its_name_and_message()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d"));

        await review.Activity("Review").FailAsync(ActivityFailure.NonRetryable("PartnerRejected", "GLN unknown"));

        var failure = await review.ShouldHaveFailedAsync();
        Assert.Equal(("PartnerRejected", "GLN unknown"), (failure.Type, failure.Message));
    }

    [Fact]
    [Trait("Req", "E1")]
    [Trait("Req", "E24")]
    public async Task An_activity_may_be_left_pending_once_and_answered_at_once_the_next_time()
    {
        await using var flow = await StartAsync();
        flow.OnActivity(x => x.Review).IsPending().Returns(Fine);
        var review = await flow.StartAsync(new ReviewAsked("d"));
        await review.ShouldBeInAsync(x => x.Review.Pending);

        await review.Activity("Review").FailAsync("Busy", "later");
        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(Fine, await review.ShouldBeCompletedAsync<Verdict>());
    }

    [Fact]
    [Trait("Req", "E16")]
    public async Task With_activity_scope_one_token_serves_every_attempt()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { ActivityScope = true });
        var first = review.Activity("Review").Token;
        await review.Activity("Review").FailAsync("Busy", "later");
        await flow.AdvanceAsync(TimeSpan.FromSeconds(1));

        var receipt = await review.Activity("Review").Attempt(1).CompleteAsync(Fine);

        Assert.Equal(first, review.Activity("Review").Attempt(2).Token);
        Assert.Equal(Disposition.Applied, receipt.Disposition);
    }

    [Fact]
    [Trait("Req", "T7")]
    [Trait("Req", "P2")]
    public async Task A_heartbeat_nobody_listens_to_is_answered_as_ignored()
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { NoHeartbeat = true });
        await review.Activity("Review").StartedAsync();

        var receipt = await review.Activity("Review").HeartbeatAsync();

        Assert.Equal((Disposition.Ignored, "no heartbeat timeout"), (receipt.Disposition, receipt.Detail));
    }

    private static async Task BringAboutAsync(
        SagaFlowHarness flow, WorkflowHandle<ReviewWorkflow, ReviewInstance> review, string situation)
    {
        var activity = review.Activity("Review");
        switch (situation.Split(',')[0])
        {
            case "completed":
                await activity.CompleteAsync(Fine);
                break;
            case "failed":
                await activity.FailAsync("Busy", "later");
                break;
            case "timed out":
                await activity.StartedAsync();
                await flow.AdvanceAsync(TimeSpan.FromSeconds(50));
                break;
            default:
                await flow.AdvanceAsync(TimeSpan.FromSeconds(90));
                break;
        }

        if (situation.EndsWith("second attempt", StringComparison.Ordinal))
        {
            await flow.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
    }

    private static Task<Receipt> AnswerAsync(ActivityHandle attempt, string answer) => answer switch
    {
        "complete" => attempt.CompleteAsync(Fine),
        "complete otherwise" => attempt.CompleteAsync(new Verdict("not so fine")),
        "fail" => attempt.FailAsync("Busy", "later"),
        "started" => attempt.StartedAsync(),
        _ => attempt.HeartbeatAsync(),
    };

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
}
