using System.Text.Json;
using SagaFlow.Contracts;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Tests.Contracts;

namespace SagaFlow.Tests.Ingress;

/// <summary>What a stranger is told at the control queue, by plain JSON.</summary>
[Collection(CallbackCollection.Name)]
public sealed class ControlEndpointTests(CallbackHost host)
{
    [Theory]
    [InlineData("""{}""", "'$.packet' is missing")]
    [InlineData("""{"packet":null,"tries":1}""", "'$.packet' is missing")]
    [InlineData("""{"packet":{"payload":"p"}}""", "'$.packet.id' is missing")]
    [InlineData("""{"packet":{"id":"C-1"}}""", "'$.packet.payload' is missing")]
    [InlineData("""{"packet":{"id":7,"payload":"p"}}""", "'$.packet.id' is not a string")]
    [InlineData("""{"PACKET":{"ID":7,"payload":"p"}}""", "'$.PACKET.ID' is not a string")]
    [InlineData("""{"packet":"C-1"}""", "'$.packet' is not an object")]
    [InlineData("""{"packet":[]}""", "'$.packet' is not an object")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"tries":"three"}""", "'$.tries' is not a 32-bit integer")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"tries":1.5}""", "'$.tries' is not a 32-bit integer")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"tries":null}""", "'$.tries' is not a 32-bit integer")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p","owner":"me"}}""", "'$.packet.owner' is not a UUID")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p","sentAt":"today"}}""", "'$.packet.sentAt' is not an instant")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"speed":"Fast"}""", "'$.speed' is not one of 0, 1")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"more":{}}""", "'$.more' is not an array")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"more":[{"id":"C-2","payload":"p"},{"id":"C-3"}]}""", "'$.more[1].payload' is missing")]
    [InlineData("""{"packet":{"id":"C-1","payload":"p"},"more":[{"id":true}]}""", "'$.more[0].id' is not a string")]
    [InlineData("null", "'$' is null")]
    [InlineData("\"C-1\"", "'$' is not an object")]
    [Trait("Req", "REL-4.6-41")]
    [Trait("Req", "M2")]
    public async Task A_start_message_that_does_not_fit_is_told_what_is_wrong_and_where(string message, string problem)
    {
        var reply = await host.AskAsync($$"""{"kind":"start","workflowType":"packet","message":{{message}}}""");
        var query = await host.AskAsync("""{"kind":"query","workflowType":"packet","businessKey":"C-1","what":"workflow"}""");

        Assert.Equal(("malformed", "schema"), (reply.Text("disposition"), reply.Text("code")));
        Assert.StartsWith($"The start message of workflow type 'packet' does not fit: {problem}", reply.Text("detail"), StringComparison.Ordinal);
        Assert.Equal("unknown_workflow", query.Text("disposition"));
        ShouldNameNothingOfDotNet(reply);
    }

    [Fact]
    [Trait("Req", "REL-4.6-41")]
    public async Task A_field_that_may_be_left_out_is_not_asked_for()
    {
        var reply = await host.AskAsync("""{"kind":"start","workflowType":"packet","message":{"packet":{"id":"C-2","payload":""},"surplus":1}}""");

        Assert.Equal("applied", reply.Text("disposition"));
    }

    [Fact]
    [Trait("Req", "REL-4.6-43")]
    public async Task A_timeout_that_cannot_be_read_from_the_start_message_refuses_the_start()
    {
        var reply = await host.AskAsync("""{"kind":"start","workflowType":"packet","message":{"packet":{"id":"C-3","payload":"p"},"limits":{}}}""");

        Assert.Equal(("malformed", "duration"), (reply.Text("disposition"), reply.Text("code")));
        Assert.Equal("The timeout of 'PacketSent' cannot be read: a part of the message that leads to it is missing.", reply.Text("detail"));
    }

    [Fact]
    [Trait("Req", "REL-4.6-28")]
    public async Task A_start_message_that_nests_too_deep_is_told_so()
    {
        var deep = new string('[', 30) + new string(']', 30);

        var reply = await host.AskAsync($$$"""{"kind":"start","workflowType":"packet","message":{"surplus":{{{deep}}} } }""");

        Assert.Equal("The start message of workflow type 'packet' does not fit: '$' nests deeper than 30 levels", reply.Text("detail"));
        ShouldNameNothingOfDotNet(reply);
    }

    [Theory]
    [InlineData("""{"id":"C-4"}""", "'$.reason' is missing")]
    [InlineData("""{"id":"C-4","reason":[1]}""", "'$.reason' is not a string")]
    [InlineData("7", "'$' is not an object")]
    [Trait("Req", "REL-4.6-41")]
    public async Task A_signals_message_that_does_not_fit_is_told_what_is_wrong_and_where(string message, string problem)
    {
        await host.AskAsync("""{"kind":"start","workflowType":"packet","message":{"packet":{"id":"C-4","payload":"p"}}}""");

        var reply = await host.AskAsync(
            $$"""{"kind":"signal","workflowType":"packet","businessKey":"C-4","event":"PacketRecalled","message":{{message}}}""");

        Assert.Equal(("malformed", "schema"), (reply.Text("disposition"), reply.Text("code")));
        Assert.Equal($"The message of signal 'PacketRecalled' does not fit: {problem}", reply.Text("detail"));
        ShouldNameNothingOfDotNet(reply);
    }

    [Theory]
    [InlineData("""{"by":"van","days":"two"}""", "'$.days' is not a 32-bit integer")]
    [InlineData("""[]""", "'$' is not an object")]
    [Trait("Req", "E13")]
    public async Task A_result_that_the_workflow_cannot_read_fails_it_with_the_place_and_no_word_of_dotnet(string result, string problem)
    {
        var id = await StartAsync($"R-{result.Length}");
        await host.SendAsync(BadInput.Bytes($$"""{"kind":"completed","taskToken":"{{await host.TokenAsync(id, "Carry-1")}}","result":{{result}}}"""));

        var reply = await host.AskAsync($$"""{"kind":"query","workflowId":"{{id}}","what":"history"}""");

        var failure = reply.GetProperty("history").EnumerateArray().Last(x => x.Text("kind") is "WorkflowRetried" or "WorkflowFailed").GetProperty("data");
        Assert.Contains($"The result of activity 'Carry-1' cannot be read: {problem}", failure.GetRawText().Replace("\\u0027", "'"), StringComparison.Ordinal);
        ShouldNameNothingOfDotNet(reply);
    }

    [Fact]
    [Trait("Req", "REL-4.6-41")]
    public async Task Code_of_the_workflow_that_breaks_shows_its_exception_without_a_stack()
    {
        var id = await StartAsync("B-1", "broken");

        var reply = await host.AskAsync($$"""{"kind":"query","workflowId":"{{id}}","what":"history"}""");

        Assert.Contains("Broken on purpose", reply.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("Caused by TimeoutException: The scale is away", reply.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\.cs|   at |SagaFlow\.", reply.GetRawText());
    }

    [Fact]
    [Trait("Req", "M2")]
    public async Task Receipts_and_replies_name_a_problem_in_one_way()
    {
        var receipt = JsonElement.Parse((await host.TellRawAsync("sagaflow.answers", """{"kind":"completed","kind":"failed"}""")).Body.Span);
        var reply = await host.AskAsync("""{"kind":"start","kind":"query"}""");

        Assert.Equal("json_duplicate_key", receipt.Text("code"));
        Assert.Equal(Names(receipt), Names(reply));
        Assert.Equal(("malformed", "json_duplicate_key"), (reply.Text("disposition"), reply.Text("code")));
    }

    [Fact]
    [Trait("Req", "P9")]
    [Trait("Req", "M2")]
    public async Task Every_reply_that_is_sent_is_described_by_its_schema()
    {
        var (running, completed, failing, canceled) = (await StartAsync("S-1"), await StartAsync("S-2"), await StartAsync("S-3"), await StartAsync("S-4"));
        var tokens = await Task.WhenAll(new[] { running, completed, failing }.Select(x => host.TokenAsync(x, "Carry-1")));
        await host.SendAsync(BadInput.Bytes($$"""{"kind":"heartbeat","taskToken":"{{tokens[0]}}","checkpoint":[1]}"""));
        await host.SendAsync(BadInput.Bytes($$"""{"kind":"completed","taskToken":"{{tokens[1]}}","result":{"by":"van","days":2} }"""));
        await host.SendAsync(BadInput.Bytes(
            $$$"""{"kind":"failed","taskToken":"{{{tokens[2]}}}","failure":{"type":"Lost","message":"m","details":"d","retryable":false,"nextRetryDelayMs":7}}"""));
        await host.AskAsync($$"""{"kind":"cancel","workflowId":"{{canceled}}"}""");

        var replies = new List<JsonElement> { await host.AskAsync("{}"), await host.AskAsync("""{"kind":"start","workflowType":"parcels","message":{}}""") };
        foreach (var (id, what) in from id in new[] { running, completed, failing, canceled, Guid.Empty } from what in new[] { "workflow", "result", "history", "activities" } select (id, what))
        {
            replies.Add(await host.AskAsync($$"""{"kind":"query","workflowId":"{{id}}","what":"{{what}}"}"""));
        }

        Assert.All(replies, x => Assert.Empty(SchemaCheck.Problems("reply", x, WireFiles.Schema)));
        Assert.Contains(replies, x => x.TryGetProperty("workflow", out var workflow) && workflow.TryGetProperty("failure", out _));
        Assert.Contains(replies, x => x.TryGetProperty("workflow", out var workflow) && workflow.TryGetProperty("nextRunAt", out _));
    }

    private async Task<Guid> StartAsync(string id, string payload = "p")
    {
        var reply = await host.AskAsync($$$"""{"kind":"start","workflowType":"packet","message":{"packet":{"id":"{{{id}}}","payload":"{{{payload}}}"} } }""");
        Assert.Equal("applied", reply.Text("disposition"));
        return reply.GetProperty("workflowId").GetGuid();
    }

    private static void ShouldNameNothingOfDotNet(JsonElement reply) =>
        Assert.DoesNotMatch(@"SagaFlow\.|System\.|Object reference|could not be converted|LineNumber|PacketInstance|Carried|   at ", reply.GetRawText());

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(x => x.Name).Order();
}
