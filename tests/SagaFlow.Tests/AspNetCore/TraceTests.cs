using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>One trace from the caller who starts a workflow to whoever answers its activities.</summary>
[Collection(CallbackCollection.Name)]
public sealed class TraceTests : IDisposable
{
    private const string StarterTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string CompleterTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly CallbackHost _host;
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;

    public TraceTests(CallbackHost host)
    {
        _host = host;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("SagaFlow", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    [Trait("Req", "M21")]
    public async Task An_answer_days_later_and_from_elsewhere_joins_the_trace_of_the_start_and_is_linked_to_its_caller()
    {
        var id = await StartAsync("T-1");
        var request = await _host.RequestAsync(id, "Approve-1");
        await _host.AdvanceAsync(TimeSpan.FromMinutes(50));

        await PostAsync("/activities/complete", $$"""{"taskToken":"{{request.TaskToken}}","result":"canary"}""", CompleterTrace);

        var start = Spans(id).Single(x => x.OperationName == "sagaflow start permit");
        var answer = Spans(id).Single(x => x.OperationName == "sagaflow Completed Approve");
        Assert.Equal(StarterTrace, start.TraceId.ToHexString());
        Assert.Equal(start.Id, request.Traceparent);
        Assert.Equal((start.TraceId, start.SpanId), (answer.TraceId, answer.ParentSpanId));
        Assert.Equal(CompleterTrace, Assert.Single(answer.Links).Context.TraceId.ToHexString());
        Assert.Equal("applied", answer.GetTagItem("sagaflow.disposition"));
    }

    [Fact]
    [Trait("Req", "M21")]
    public async Task An_answer_on_the_bus_is_linked_to_the_trace_that_its_sender_names_in_a_header()
    {
        var id = await StartAsync("T-3");
        var request = await _host.RequestAsync(id, "Approve-1");

        await _host.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"kind":"completed","taskToken":"{{request.TaskToken}}","result":1}"""),
            message => message with { Headers = new Dictionary<string, string> { ["traceparent"] = $"00-{CompleterTrace}-00f067aa0ba902b7-01" } });

        var answer = Spans(id).Single(x => x.OperationName == "sagaflow Completed Approve");
        Assert.Equal(StarterTrace, answer.TraceId.ToHexString());
        Assert.Equal(CompleterTrace, Assert.Single(answer.Links).Context.TraceId.ToHexString());
    }

    [Theory]
    [Trait("Req", "M21")]
    [InlineData(null)]
    [InlineData("00-no-trace-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    public async Task An_answer_on_the_bus_without_a_trace_of_its_own_has_no_link(string? traceparent)
    {
        var id = await StartAsync($"T-4-{traceparent}");
        var request = await _host.RequestAsync(id, "Approve-1");

        await _host.SendAsync(
            Encoding.UTF8.GetBytes($$"""{"kind":"completed","taskToken":"{{request.TaskToken}}","result":1}"""),
            message => traceparent is null ? message : message with { Headers = new Dictionary<string, string> { ["traceparent"] = traceparent } });

        Assert.Empty(Spans(id).Single(x => x.OperationName == "sagaflow Completed Approve").Links);
    }

    [Fact]
    [Trait("Req", "M21")]
    public async Task A_start_on_the_bus_belongs_to_the_trace_that_its_sender_names_in_a_header()
    {
        var body = ControlJson.Write(new StartWorkflow("m-1", "permit", JsonElement.Parse("""{"number":"T-5"}""")));
        var header = new Dictionary<string, string> { ["traceparent"] = $"00-{StarterTrace}-00f067aa0ba902b7-01" };

        await _host.Get<IRawBus>().SendAsync("sagaflow.control", new RawMessage { Body = body, Headers = header }, CancellationToken.None);

        var request = await _host.RequestAsync(WireIds.Workflow("sagaflow", "permit", "T-5"), "Approve-1");
        Assert.Contains(StarterTrace, request.Traceparent, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "M21")]
    [Trait("Req", "REL-I20")]
    public async Task No_span_holds_a_token_or_a_payload()
    {
        var id = await StartAsync("T-2");
        var token = await _host.TokenAsync(id, "Inspect-1");
        await PostAsync("/activities/heartbeat", $$"""{"taskToken":"{{token}}","checkpoint":"canary"}""", CompleterTrace);
        await PostAsync("/activities/complete", $$"""{"taskToken":"{{token}}","result":"canary"}""", CompleterTrace);

        var text = JsonSerializer.Serialize(Spans(id).Select(x => new { x.DisplayName, x.Tags, Events = x.Events.Select(e => e.Name), x.StatusDescription, x.Baggage }));

        Assert.NotEmpty(Spans(id));
        Assert.DoesNotContain("canary", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(token[..20], text, StringComparison.Ordinal);
    }

    public void Dispose() => _listener.Dispose();

    private async Task<Guid> StartAsync(string number) =>
        JsonElement.Parse(await PostAsync("/workflows/permit", $$"""{"number":"{{number}}"}""", StarterTrace)).GetProperty("workflowId").GetGuid();

    private async Task<string> PostAsync(string path, string body, string trace)
    {
        using var http = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        request.Headers.Add("X-Api-Key", CallbackHost.ApiKey);
        using var response = await http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private List<Activity> Spans(Guid workflowId) => [.. _spans.Where(x => x.GetTagItem("sagaflow.workflow.id") is Guid id && id == workflowId)];
}
