using System.Collections.Concurrent;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Ingress;

namespace SagaFlow.Tests.Joins;

/// <summary>What an answer costs in a fan-out of a thousand members.</summary>
public sealed class FanOutCostTests
{
    private const int Members = 1_000;

    [Fact]
    [Trait("Req", "REL-D4")]
    public async Task A_thousand_answers_are_a_thousand_small_changes_of_their_own_rows_and_one_join()
    {
        var statements = new ConcurrentQueue<string>();
        await using var flow = await ScoringHarness.StartAsync(statements.Enqueue);
        var scoring = await flow.StartAsync(ScoringHarness.Ask(Members));
        var started = await RowAsync();

        var answers = new List<string[]>();
        foreach (var request in flow.Requests)
        {
            statements.Clear();
            await scoring.Activity(request.ActivityId).CompleteAsync(answers.Count);
            answers.Add([.. statements.Where(x => x.Contains("sagaflow_", StringComparison.Ordinal)).Select(Shape)]);
        }

        string[] expected = ["select activity", "update activity", "insert history", "insert history", "update activity_group"];
        Assert.All(answers.Take(Members - 1), x => Assert.Equal(expected, x));
        Assert.Equal(Enumerable.Range(0, Members), (await scoring.ShouldBeCompletedAsync<ScoreReport>()).Results);
        var ended = await RowAsync();
        Assert.Equal((1, 2), (started.Version, ended.Version));
        Assert.Equal(started.Document.Length, ended.Document.Length);

        async Task<SagaFlow.Storage.WorkflowRecord> RowAsync() => (await flow.Engine.Reader.FindWorkflowAsync(scoring.Id, default))!;
    }

    [Fact]
    [Trait("Req", "REL-D4")]
    public async Task A_thousand_answers_at_once_are_all_applied_and_joined_once()
    {
        await using var flow = await ScoringHarness.StartAsync();
        var scoring = await flow.StartAsync(ScoringHarness.Ask(Members));
        var ingress = flow.Engine.Get<AnswerIngress>();

        var receipts = await Task.WhenAll(flow.Requests.Select(request => Task.Run(() => ingress.AcceptAsync(
            new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = request.TaskToken, Result = PayloadJson.Write(1) }, default))));
        await flow.RunUntilIdleAsync();

        Assert.All(receipts, x => Assert.Equal(Disposition.Applied, x.Disposition));
        Assert.Equal(Members, (await scoring.ShouldBeCompletedAsync<ScoreReport>()).Results.Count);
        Assert.Single(await scoring.HistoryAsync(), x => x.Kind == "GroupJoined");
    }

    // Every statement names its one row by its key, so that counting statements is counting rows.
    private static string Shape(string sql)
    {
        var words = sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return $"{words[0]} {words.First(x => x.StartsWith("sagaflow_", StringComparison.Ordinal))["sagaflow_".Length..]}";
    }
}
