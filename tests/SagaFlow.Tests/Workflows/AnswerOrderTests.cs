using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>The signs of one attempt in every order in which a network may deliver them, each of them once or twice.</summary>
public sealed class AnswerOrderTests
{
    public static TheoryData<string> Multisets => ["shc", "sshc", "shhc", "shcc", "sshhc", "sshcc", "shhcc", "sshhcc"];

    [Theory]
    [MemberData(nameof(Multisets))]
    [Trait("Req", "REL-R2")]
    [Trait("Req", "REL-R5")]
    [Trait("Req", "REL-R8")]
    [Trait("Req", "REL-I2")]
    [Trait("Req", "REL-I3")]
    public async Task Start_heartbeat_and_result_in_every_order_end_the_same_way(string letters)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>());
        var orders = Orders(letters).Distinct().ToList();

        foreach (var order in orders)
        {
            var review = await flow.StartAsync(new ReviewAsked(order));
            var told = new List<string>();
            foreach (var letter in order)
            {
                told.Add(Named(await AnswerAsync(flow, review.Activity("Review").Token, letter)));
            }

            Assert.Equal($"{order}: {string.Join(", ", Expected(order))}", $"{order}: {string.Join(", ", told)}");
            await ShouldHaveEndedOnceAsync(review, order);
        }

        Assert.Equal(Permutations(letters), orders.Count);
    }

    private static async Task ShouldHaveEndedOnceAsync(WorkflowHandle<ReviewWorkflow, ReviewInstance> review, string order)
    {
        var history = await review.HistoryAsync();
        Assert.Equal(
            ["WorkflowStarted", "ActivityScheduled", "AttemptStarted", "ActivityCompleted", "WorkflowCompleted"], history.Select(x => x.Kind));
        var inferred = history.Single(x => x.Kind == "AttemptStarted").Data!.Value.GetProperty("inferred").GetBoolean();
        Assert.Equal((order, order[0] != 's'), (order, inferred));
        Assert.Equal(new Verdict("fine"), await review.ShouldBeCompletedAsync<Verdict>());
        Assert.Equal("""{"text":"fine"}""", (await review.ActivitiesAsync())[0].Result?.GetRawText());
    }

    private static IEnumerable<string> Expected(string order)
    {
        var seen = "";
        foreach (var letter in order)
        {
            yield return letter switch
            {
                'c' => seen.Contains('c', StringComparison.Ordinal) ? "Duplicate" : "Applied",
                _ when seen.Contains('c', StringComparison.Ordinal) => "ActivityClosed, stop",
                'h' => seen.Contains('h', StringComparison.Ordinal) ? "Duplicate" : "Applied",
                _ => seen.Length > 0 ? "Duplicate" : "Applied",
            };
            seen += letter;
        }
    }

    private static string Named(Receipt receipt) => $"{receipt.Disposition}{(receipt.CancelRequested ? ", stop" : "")}";

    private static Task<Receipt> AnswerAsync(SagaFlowHarness flow, string token, char letter) => flow.AnswerAsync(letter switch
    {
        's' => new ActivityAnswer { Kind = AnswerKind.Started, TaskToken = token },
        'h' => new ActivityAnswer { Kind = AnswerKind.Heartbeat, TaskToken = token, Sequence = 1 },
        _ => new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = token, Result = PayloadJson.Write(new Verdict("fine")) },
    });

    private static IEnumerable<string> Orders(string letters) => letters.Length <= 1
        ? [letters]
        : letters.SelectMany((letter, index) => Orders(letters.Remove(index, 1)).Select(rest => letter + rest));

    private static int Permutations(string letters) =>
        Factorial(letters.Length) / letters.GroupBy(x => x).Aggregate(1, (product, x) => product * Factorial(x.Count()));

    private static int Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);
}
