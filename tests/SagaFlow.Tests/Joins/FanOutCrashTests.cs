using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Storage;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

/// <summary>Fan-outs whose engine dies, and join messages that come more than once or from a stranger.</summary>
public sealed class FanOutCrashTests
{
    [Fact]
    [Trait("Req", "C15")]
    public async Task A_fan_out_goes_on_after_a_restart_in_its_middle()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(3));
        await scoring.Activity("Score-2").CompleteAsync(20);

        await flow.RestartAsync();
        await scoring.Activity("Score-1").CompleteAsync(10);
        await flow.RestartAsync();
        var repeat = await scoring.Activity("Score-2").CompleteAsync(20);
        await scoring.Activity("Score-3").CompleteAsync(30);

        Assert.Equal(Disposition.Duplicate, repeat.Disposition);
        Assert.Equal([10, 20, 30], (await scoring.ShouldBeCompletedAsync<ScoreReport>()).Results);
    }

    [Fact]
    [Trait("Req", "REL-R13")]
    [Trait("Req", "REL-I15")]
    public async Task A_join_message_that_a_crash_swallows_is_made_again()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(2));
        await scoring.Activity("Score-1").CompleteAsync(10);
        await AnswerWithoutWhatFollowsAsync(flow, scoring.Activity("Score-2").Token);
        await scoring.ShouldBeInAsync(x => x.Score.Pending);

        await flow.RestartAsync();

        Assert.Equal([10, 20], (await scoring.ShouldBeCompletedAsync<ScoreReport>()).Results);
        Assert.Single(await scoring.HistoryAsync(), x => x.Kind == "GroupJoined");
    }

    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task A_result_between_the_condition_and_the_join_is_not_lost()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(3, first: 1));
        await AnswerWithoutWhatFollowsAsync(flow, scoring.Activity("Score-2").Token);
        var between = await flow.Engine.Get<AnswerGate>().SendAsync(Completed(scoring.Activity("Score-1").Token));

        await flow.RunUntilIdleAsync();

        var report = await scoring.ShouldBeCompletedAsync<ScoreReport>();
        Assert.Equal(Disposition.Applied, between.Disposition);
        Assert.Equal([20, 20], report.Results);
        Assert.Equal(["Score-3"], report.Overtaken);
        Assert.Single(await scoring.HistoryAsync(), x => x.Kind == "GroupJoined");
    }

    [Fact]
    public async Task A_workflow_that_ends_between_the_condition_and_the_join_is_not_told()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(1));
        await AnswerWithoutWhatFollowsAsync(flow, scoring.Activity("Score-1").Token);
        await flow.Engine.Get<Deliveries>().PublishAsync(typeof(Withdrawn), SagaFlow.Workflows.InlineEnvelope.Of(
            typeof(Withdrawn), new Guid("00000000-0000-0000-0000-000000000001"), $$"""{"workflowId":"{{scoring.Id}}"}"""));

        await flow.RunUntilIdleAsync();

        Assert.Equal("withdrawn", (await scoring.ShouldHaveFailedAsync()).Message);
        Assert.Empty(await flow.Engine.Reader.ReadMetGroupsAsync(null, 10, default));
    }

    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task A_join_message_that_comes_again_or_early_changes_nothing()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(1));

        var early = await flow.Engine.Get<JoinEngine>().JoinAsync(scoring.Id, "Score-group-1", default);
        var unknown = await flow.Engine.Get<JoinEngine>().JoinAsync(scoring.Id, "Score-group-2", default);
        await scoring.Activity("Score-1").CompleteAsync(10);
        var again = await flow.Engine.Get<JoinEngine>().JoinAsync(scoring.Id, "Score-group-1", default);

        Assert.Equal([Disposition.Ignored, Disposition.Ignored, Disposition.Ignored], [early.Disposition, unknown.Disposition, again.Disposition]);
        Assert.Single(await scoring.HistoryAsync(), x => x.Kind == "GroupJoined");
    }

    [Fact]
    [Trait("Req", "REL-I15")]
    public async Task A_join_message_without_our_signature_is_put_aside()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(1));
        await AnswerWithoutWhatFollowsAsync(flow, scoring.Activity("Score-1").Token);

        await flow.Engine.Get<JoinEndpoint>().HandleAsync(
            new RawMessage { Body = new JoinMessage(scoring.Id, "Score-group-1").ToOutgoing(flow.Now).Body }, default);

        await scoring.ShouldBeInAsync(x => x.Score.Pending);
        Assert.Equal("sagaflow.joins", Assert.Single(await flow.Engine.Get<IQuarantine>().ReadAsync(10, default)).Endpoint);
    }

    // The answer is committed, and what follows it still waits to be sent.
    private static Task<Receipt> AnswerWithoutWhatFollowsAsync(SagaFlowHarness flow, string token) =>
        flow.Engine.Get<AnswerGate>().SendAsync(Completed(token));

    private static ActivityAnswer Completed(string token) =>
        new() { Kind = AnswerKind.Completed, TaskToken = token, Result = SagaFlow.Client.PayloadJson.Write(20) };
}
