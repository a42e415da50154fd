using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Answers that come too late or twice: each gets its own receipt, by both roads the same, and changes nothing.</summary>
[Collection(CallbackCollection.Name)]
public sealed class LateAnswerTests(CallbackHost host)
{
    private const string Failure = """ "failure":{"type":"Refused","message":"not today"} """;

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-16")]
    [Trait("Req", "REL-R8")]
    [Trait("Req", "REL-R9")]
    [Trait("Req", "REL-R10")]
    [Trait("Req", "REL-4.6-17")]
    [Trait("Req", "REL-4.6-18")]
    [Trait("Req", "M2")]
    [Trait("Req", "P10")]
    public async Task After_a_completion_the_same_is_a_duplicate_and_anything_else_conflicts(string road)
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId);
        await TellAsync(road, AnswerKind.Completed, token, """ "result":{"by":"Ann"} """);
        var before = await host.SnapshotAsync(workflowId);

        var same = await TellAsync(road, AnswerKind.Completed, token, """ "result":{"by":"Ann"} """);
        var other = await TellAsync(road, AnswerKind.Completed, token, """ "result":{"by":"Bob"} """);
        var failed = await TellAsync(road, AnswerKind.Failed, token, Failure);
        var alive = await TellAsync(road, AnswerKind.Heartbeat, token, """ "sequence":1 """);

        Assert.Equal((Disposition.Duplicate, 200), (same.Disposition, same.Status));
        Assert.Equal((Disposition.DuplicateConflict, 409), (other.Disposition, other.Status));
        Assert.Equal((Disposition.DuplicateConflict, 409), (failed.Disposition, failed.Status));
        Assert.Equal((Disposition.ActivityClosed, 410, true), (alive.Disposition, alive.Status, alive.Receipt!.CancelRequested));
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-12")]
    [Trait("Req", "REL-R4")]
    [Trait("Req", "REL-R7")]
    [Trait("Req", "REL-4.6-14")]
    [Trait("Req", "REL-4.6-15")]
    [Trait("Req", "D4")]
    [Trait("Req", "D6")]
    [Trait("Req", "M2")]
    [Trait("Req", "P10")]
    public async Task After_a_timeout_an_answer_is_told_so_and_after_the_next_attempt_that_it_is_stale(string road)
    {
        var workflowId = await host.StartAsync();
        var first = await host.TokenAsync(workflowId);
        await TellAsync(road, AnswerKind.Started, first, """ "runningForMs":0 """);
        await host.AdvanceAsync(TimeSpan.FromHours(1));
        await host.ReachedAsync(workflowId, "Approve-1", ActivityStatus.BackingOff);
        var betweenAttempts = await ShouldChangeNothingAsync(workflowId, road, first);
        await host.AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = await host.TokenAsync(workflowId, attempt: 2);
        var stale = await ShouldChangeNothingAsync(workflowId, road, first);
        await TellAsync(road, AnswerKind.Started, second, """ "runningForMs":0 """);
        await host.AdvanceAsync(TimeSpan.FromHours(1));
        await host.ReachedAsync(workflowId, "Approve-1", ActivityStatus.TimedOut);

        var late = await ShouldChangeNothingAsync(workflowId, road, second);
        var expired = await ShouldChangeNothingAsync(
            workflowId, road, host.Mint(workflowId, x => x with { Attempt = 2, ExpiresAt = host.Clock.GetUtcNow().AddMinutes(-1) }));

        Assert.Equal((Disposition.TimedOut, 410), (betweenAttempts.Disposition, betweenAttempts.Status));
        Assert.Equal((Disposition.StaleAttempt, 409, 2), (stale.Disposition, stale.Status, stale.Receipt!.CurrentAttempt));
        Assert.Equal((Disposition.TimedOut, 410), (late.Disposition, late.Status));
        Assert.Equal((Disposition.TimedOut, 410), (expired.Disposition, expired.Status));
        Assert.Equal(WorkflowStatus.Failed, (await host.WorkflowAsync(workflowId)).Status);
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-19")]
    [Trait("Req", "M2")]
    public async Task After_its_workflow_ended_an_answer_is_told_workflow_closed(string road)
    {
        var workflowId = await host.StartAsync();
        var inspector = await host.TokenAsync(workflowId, "Inspect-1");
        await TellAsync(road, AnswerKind.Completed, await host.TokenAsync(workflowId), """ "result":1 """);

        var told = await ShouldChangeNothingAsync(workflowId, road, inspector);
        var alive = await TellAsync(road, AnswerKind.Heartbeat, inspector, """ "sequence":1 """);

        Assert.Equal((Disposition.WorkflowClosed, 410, true), (told.Disposition, told.Status, told.Receipt!.CancelRequested));
        Assert.Equal((Disposition.ActivityClosed, 410, true), (alive.Disposition, alive.Status, alive.Receipt!.CancelRequested));
        Assert.EndsWith(": WorkflowClosed", alive.Receipt.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-19")]
    [Trait("Req", "E19")]
    [Trait("Req", "M2")]
    public async Task After_a_cancellation_an_answer_is_told_canceled_and_a_heartbeat_to_stop(string road)
    {
        var workflowId = await host.StartAsync();
        var inspector = await host.TokenAsync(workflowId, "Inspect-1");
        await host.Get<WorkflowEngine>().ApplyAsync(
            workflowId, "Inspect-1", new ActivityEvent.CancelRequest("not needed", CancellationMode.Try), CancellationToken.None);

        var told = await ShouldChangeNothingAsync(workflowId, road, inspector);
        var alive = await TellAsync(road, AnswerKind.Heartbeat, inspector, """ "sequence":1 """);

        Assert.Equal((Disposition.Canceled, 410, true), (told.Disposition, told.Status, told.Receipt!.CancelRequested));
        Assert.Equal((Disposition.ActivityClosed, 410, true), (alive.Disposition, alive.Status, alive.Receipt!.CancelRequested));
        Assert.EndsWith(": Canceled", alive.Receipt.Detail, StringComparison.Ordinal);
    }

    private async Task<Told> ShouldChangeNothingAsync(Guid workflowId, string road, string token)
    {
        var before = await host.SnapshotAsync(workflowId);
        var told = await TellAsync(road, AnswerKind.Completed, token, """ "result":"late" """);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        return told;
    }

    private Task<Told> TellAsync(string road, AnswerKind kind, string token, string fields) =>
        host.TellAsync(road, kind, BadInput.Bytes($$"""{"kind":"{{kind.ToWireName()}}","taskToken":"{{token}}",{{fields}}}"""));
}
