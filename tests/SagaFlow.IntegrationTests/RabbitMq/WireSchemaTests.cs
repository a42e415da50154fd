using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Tests.Contracts;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The JSON Schemas against real messages, and against what the readers take and refuse.</summary>
[Collection(BrokerCollection.Name)]
public sealed class WireSchemaTests
{
    // In place of a field's value: each is wrong for most fields, and right for some.
    private static readonly string[] Values =
        ["null", "7", "-1", "1.5", "true", "\"x\"", "\"\"", "{}", "[]", "9007199254740993", "\"2026-03-01T12:00:00Z\"", "\"6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11\""];

    [Fact]
    public async Task Messages_captured_from_the_broker_fit_the_schemas()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var cancels = await stranger.BindQueueAsync($"{engine.Prefix}.cancel", "ship.#");
        var start = new { kind = "start", workflowType = "parcel", message = new { number = "P-1", way = "plain" } };
        var id = (await stranger.AskAsync(start)).GetProperty("workflowId").GetGuid();
        var (request, _) = await stranger.TakeRequestAsync();
        var heartbeat = new { kind = "heartbeat", taskToken = request.GetProperty("taskToken").GetString(), checkpoint = 1 };
        var query = new { kind = "query", workflowId = id, what = "history" };
        List<(string Schema, JsonElement Message)> captured =
        [
            ("request", request), ("control", Element(start)), ("control", Element(query)), ("answer", Element(heartbeat)),
            ("receipt", await stranger.AnswerAsync(heartbeat)), ("receipt", await stranger.AnswerAsync(new { kind = "none" })),
            ("reply", await stranger.AskAsync(query)), ("reply", await stranger.AskAsync(new { kind = "query", workflowId = id, what = "activities" })),
            ("reply", await stranger.AskAsync(new { kind = "cancel", workflowId = id, reason = "recalled" })),
            ("reply", await stranger.AskAsync(new { kind = "query", workflowId = id, what = "workflow" })),
        ];
        captured.Add(("cancellation", (await stranger.TakeRequestAsync(cancels)).Body));

        var verdicts = await ValidateAsync(captured.Select(x => (x.Schema, x.Message.GetRawText())));

        Assert.All(verdicts, x => Assert.Equal("", x.Problem));
    }

    [Fact]
    public async Task What_is_written_fits_and_each_change_is_refused_by_schema_and_reader_alike()
    {
        List<(string Schema, string Message)> all = [];
        foreach (var (schema, message) in Samples())
        {
            all.Add((schema, message));
            all.AddRange(Changes(message).Select(x => (schema, x)));
        }

        var verdicts = await ValidateAsync(all);

        Assert.True(all.Count > 500);
        Assert.Empty(verdicts.Where(x => x.Problem.Length == 0 != CanRead(x.Schema, x.Message)).Select(x => $"{x.Schema}: {x.Message} '{x.Problem}'"));
    }

    private static IEnumerable<(string Schema, string Message)> Samples()
    {
        yield return ("request", WireSamples.Text(WireJson.Write(WireSamples.Request)));
        yield return ("receipt", WireSamples.Text(WireJson.Write(WireSamples.Receipt)));
        yield return ("cancellation", WireSamples.Text(WireJson.Write(WireSamples.Cancellation)));
        foreach (var kind in Enum.GetValues<AnswerKind>())
        {
            yield return ("answer", WireSamples.Text(WireJson.Write(WireSamples.Answer with { Kind = kind })));
        }

        var id = Guid.Parse("6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11");
        yield return ("control", WireSamples.Text(ControlJson.Write(new StartWorkflow("m-1", "parcel", WireSamples.Json("{}")))));
        yield return ("control", WireSamples.Text(ControlJson.Write(new CancelWorkflow { WorkflowType = "parcel", BusinessKey = "P-1", Reason = "recalled" })));
        yield return ("control", WireSamples.Text(ControlJson.Write(new SignalWorkflow { WorkflowId = id, Event = "Noted", Message = WireSamples.Json("1") })));
        yield return ("control", WireSamples.Text(ControlJson.Write(new QueryWorkflow { WorkflowId = id, What = QueryTopic.History, After = 3 })));
    }

    // Each field left out, or with each other value.
    private static IEnumerable<string> Changes(string message)
    {
        var fields = JsonNode.Parse(message)!.AsObject().Select(x => x.Key).ToList();
        foreach (var field in fields)
        {
            foreach (var value in Values.Prepend(null))
            {
                var changed = JsonNode.Parse(message)!.AsObject();
                changed.Remove(field);
                if (value is not null)
                {
                    changed[field] = JsonNode.Parse(value);
                }

                yield return changed.ToJsonString();
            }
        }
    }

    private static bool CanRead(string schema, string message) => schema switch
    {
        "request" => WireJson.TryReadRequest(WireSamples.Bytes(message), out _, out _),
        "answer" => WireJson.TryReadAnswer(WireSamples.Bytes(message), out _, out _),
        "cancellation" => WireJson.TryReadCancellation(WireSamples.Bytes(message), out _, out _),
        "control" => ControlJson.TryRead(WireSamples.Bytes(message), out _, out _),
        _ => WireJson.TryReadReceipt(WireSamples.Bytes(message), out _, out _),
    };

    private static async Task<IReadOnlyList<(string Schema, string Message, string Problem)>> ValidateAsync(IEnumerable<(string Schema, string Message)> messages)
    {
        var all = messages.ToList();
        var start = new ProcessStartInfo(
            TestBroker.Read("SAGAFLOW_TEST_NODE"),
            [Path.Combine(TestBroker.Read("SAGAFLOW_TEST_CLIENTS"), "schemas", "validate.js"), Path.Combine(WireFolder.Path, "schemas")]);
        using var program = RunningProgram.Start(start, string.Join('\n', all.Select(x => $$"""{"schema":"{{x.Schema}}","message":{{x.Message}}}""")));
        Assert.True(await program.FinishAsync() == 0, string.Join('\n', program.Errors));
        Assert.Equal(all.Count, program.Output.Count);
        return [.. all.Zip(program.Output, (x, problem) => (x.Schema, x.Message, problem))];
    }

    private static JsonElement Element(object message) => JsonSerializer.SerializeToElement(message);
}
