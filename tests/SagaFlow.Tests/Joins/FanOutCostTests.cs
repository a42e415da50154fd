using System.Collections.Concurrent;

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

    // Every statement names its one row by its key, so that counting statements is counting rows.
    private static string Shape(string sql)
    {
        var words = sql.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return $"{words[0]} {words.First(x => x.StartsWith("sagaflow_", StringComparison.Ordinal))["sagaflow_".Length..]}";
    }
}
