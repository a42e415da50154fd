using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>Two things happen to one attempt at once, on two engines: both have loaded it, one commits first.</summary>
public sealed class RaceTests
{
    /// <summary>Who commits first, who then finds that it came second, what that one is told, and how the activity ended.</summary>
    public static TheoryData<string, string, Disposition, string> Races => new()
    {
        { "complete", "ring", Disposition.Ignored, "Completed" },
        { "ring", "complete", Disposition.TimedOut, "TimedOut" },
        { "fail", "ring", Disposition.Ignored, "Failed" },
        { "ring", "fail", Disposition.TimedOut, "TimedOut" },
        { "complete", "fail", Disposition.DuplicateConflict, "Completed" },
        { "fail", "complete", Disposition.DuplicateConflict, "Failed" },
        { "complete", "complete", Disposition.Duplicate, "Completed" },
        { "complete", "complete otherwise", Disposition.DuplicateConflict, "Completed" },
        { "complete", "cancel", Disposition.WorkflowClosed, "Completed" },
        { "cancel", "complete", Disposition.Canceled, "Canceled" },
        { "cancel", "ring", Disposition.Ignored, "Canceled" },
        { "ring", "cancel", Disposition.Applied, "TimedOut" },
        { "heartbeat", "ring", Disposition.Applied, "Started" },
        { "ring", "heartbeat", Disposition.ActivityClosed, "TimedOut" },
        { "ring", "ring", Disposition.Ignored, "TimedOut" },
        { "cancel", "cancel", Disposition.Duplicate, "Canceled" },
    };

    [Theory]
    [MemberData(nameof(Races))]
    [Trait("Req", "REL-R3")]
    [Trait("Req", "REL-R4")]
    [Trait("Req", "REL-R8")]
    [Trait("Req", "REL-R9")]
    [Trait("Req", "REL-R10")]
    [Trait("Req", "REL-R11")]
    [Trait("Req", "REL-R12")]
    [Trait("Req", "REL-R20")]
    [Trait("Req", "REL-K6")]
    [Trait("Req", "REL-I2")]
    [Trait("Req", "REL-I3")]
    public async Task The_first_commit_counts_and_the_other_is_told(string first, string second, Disposition told, string status)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { HeartbeatSeconds = 60, MaximumAttempts = 1 });
        await review.Activity("Review").StartedAsync();
        // The instant of the heartbeat deadline, before its ring has come.
        flow.Engine.Clock.AdvanceTo(flow.Now.AddSeconds(60));
        var (winner, loser) = (new SecondEngine(flow), new SecondEngine(flow));
        var act = await ActAsync(flow, review, loser, second);
        var other = await ActAsync(flow, review, winner, first);

        loser.BeforeCommit = other;
        var receipt = await act();

        Assert.Equal(told, receipt.Disposition);
        Assert.True(loser.Conflicts > 0, "The two never met.");
        Assert.Equal(status, (await review.ActivitiesAsync())[0].Status);
        Assert.Equal(status == "Started" ? 0 : 1, (await review.HistoryAsync()).Count(IsEndOfAnActivity));
        await ResultShouldBeTheFirstAsync(review, first);
    }

    [Theory]
    [Trait("Req", "REL-R19")]
    [InlineData("started", "ring", Disposition.Ignored, "Started")]
    [InlineData("ring", "started", Disposition.ActivityClosed, "TimedOut")]
    public async Task A_start_and_the_end_of_the_wait_for_it_are_decided_by_the_first_commit(string first, string second, Disposition told, string status)
    {
        await using var flow = await StartAsync();
        var review = await flow.StartAsync(new ReviewAsked("d") { ScheduleToStartSeconds = 90 });
        flow.Engine.Clock.AdvanceTo(flow.Now.AddSeconds(90));
        var (winner, loser) = (new SecondEngine(flow), new SecondEngine(flow));
        var act = await ActAsync(flow, review, loser, second);
        var other = await ActAsync(flow, review, winner, first);

        loser.BeforeCommit = other;
        var receipt = await act();

        Assert.Equal((told, told == Disposition.ActivityClosed), (receipt.Disposition, receipt.CancelRequested));
        Assert.Equal(status, (await review.ActivitiesAsync())[0].Status);
        Assert.Equal(status == "TimedOut" ? TimeoutType.ScheduleToStart : null, review.Instance.TimedOutBy);
    }

    [Fact]
    [Trait("Req", "REL-R10")]
    [Trait("Req", "REL-R11")]
    [Trait("Req", "REL-I2")]
    public async Task A_completion_a_failure_and_a_ring_at_one_instant_leave_one_end_a_hundred_times()
    {
        await using var flow = await StartAsync();
        var reviews = new List<WorkflowHandle<ReviewWorkflow, ReviewInstance>>();
        for (var i = 0; i < 100; i++)
        {
            reviews.Add(await flow.StartAsync(new ReviewAsked($"d-{i}") { HeartbeatSeconds = 60, MaximumAttempts = 1 }));
            await reviews[i].Activity("Review").StartedAsync();
        }

        flow.Engine.Clock.AdvanceTo(flow.Now.AddSeconds(60));
        foreach (var review in reviews)
        {
            var acts = new List<Func<Task<Receipt>>>();
            foreach (var what in new[] { "complete", "fail", "ring" })
            {
                acts.Add(await ActAsync(flow, review, new SecondEngine(flow), what));
            }

            var receipts = await Task.WhenAll(acts.Select(Task.Run));

            Assert.Single(receipts, x => x.Disposition == Disposition.Applied);
            Assert.Single(await review.HistoryAsync(), IsEndOfAnActivity);
        }
    }

    private static async Task<Func<Task<Receipt>>> ActAsync(
        SagaFlowHarness flow, WorkflowHandle<ReviewWorkflow, ReviewInstance> review, SecondEngine engine, string what)
    {
        var answer = new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = review.Activity("Review").Token };
        var ring = await RingAsync(flow, review.Id);
        return what switch
        {
            "complete" => () => engine.AnswerAsync(answer with { Result = PayloadJson.Write(new Verdict("fine")) }),
            "complete otherwise" => () => engine.AnswerAsync(answer with { Result = PayloadJson.Write(new Verdict("bad")) }),
            "fail" => () => engine.AnswerAsync(answer with { Kind = AnswerKind.Failed, Failure = ActivityFailure.NonRetryable("Odd", "No.") }),
            "started" => () => engine.AnswerAsync(answer with { Kind = AnswerKind.Started }),
            "heartbeat" => () => engine.AnswerAsync(answer with { Kind = AnswerKind.Heartbeat, Sequence = 1 }),
            "cancel" => () => engine.CancelAsync(review.Id),
            _ => () => engine.RingAsync(review.Id, "Review-1", ring),
        };
    }

    private static async Task<ActivityEvent.Ring> RingAsync(SagaFlowHarness flow, Guid workflowId)
    {
        var loaded = await flow.Engine.Get<SagaFlow.Storage.IWorkflowStore>().LoadAsync([new(workflowId) { ActivityId = "Review-1" }], default);
        var state = loaded[0].Activity!.State;
        return new ActivityEvent.Ring(state.Attempt, state.Due!.Kind, state.Due.Version);
    }

    private static bool IsEndOfAnActivity(WorkflowHistoryEvent x) =>
        x.Kind is "ActivityCompleted" or "ActivityFailed" or "ActivityTimedOut" or "ActivityCanceled";

    private static async Task ResultShouldBeTheFirstAsync(WorkflowHandle<ReviewWorkflow, ReviewInstance> review, string first)
    {
        var expected = first == "complete" ? """{"text":"fine"}""" : null;
        Assert.Equal(expected, (await review.ActivitiesAsync())[0].Result?.GetRawText());
    }

    private static Task<SagaFlowHarness<ReviewWorkflow, ReviewInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
}
