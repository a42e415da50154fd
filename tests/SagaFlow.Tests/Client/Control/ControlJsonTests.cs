using System.Text;
using System.Text.Json;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Client.Control;

public sealed class ControlJsonTests
{
    [Theory]
    [InlineData("""{"kind":"start","workflowType":"order","message":{ "a" : 1.50, "b":"\u00e9" }}""")]
    public void A_start_keeps_its_message_byte_for_byte(string body)
    {
        var start = Assert.IsType<StartWorkflow>(Read(body));

        Assert.Equal("""{ "a" : 1.50, "b":"\u00e9" }""", start.Message.GetRawText());
        Assert.Equal(body, Encoding.UTF8.GetString(ControlJson.Write(start)));
    }

    [Theory]
    [InlineData("""{"kind":"signal","messageId":"m-1","workflowType":"order","businessKey":"17","event":"Approved","message":{ "a" : 1.50 }}""")]
    [InlineData("""{"kind":"signal","workflowId":"0197e2c4-0000-4000-8000-000000000001","message":[]}""")]
    public void A_signal_keeps_its_message_byte_for_byte(string body)
    {
        var signal = Assert.IsType<SignalWorkflow>(Read(body));

        Assert.Equal(body, Encoding.UTF8.GetString(ControlJson.Write(signal)));
    }

    [Fact]
    public void A_query_names_its_workflow_by_id_or_by_type_and_key()
    {
        var byId = Read("""{"kind":"query","what":"history","workflowId":"0197e2c4-0000-4000-8000-000000000001","after":7,"limit":2}""");
        var byKey = Read("""{"kind":"query","what":"result","workflowType":"order","businessKey":"17","waitMs":500,"unknown":{}}""");

        Assert.Equal(
            new QueryWorkflow { What = QueryTopic.History, WorkflowId = new Guid("0197e2c4-0000-4000-8000-000000000001"), After = 7, Limit = 2 },
            byId);
        Assert.Equal(new QueryWorkflow { What = QueryTopic.Result, WorkflowType = "order", BusinessKey = "17", WaitMs = 500 }, byKey);
    }

    [Fact]
    public void A_cancellation_names_its_workflow_by_id_or_by_type_and_key()
    {
        var id = new Guid("0197e2c4-0000-4000-8000-000000000001");
        var byId = new CancelWorkflow { WorkflowId = id, Reason = "sold" };
        var byKey = new CancelWorkflow { WorkflowType = "order", BusinessKey = "17" };

        Assert.Equal(byId, Read("""{"kind":"cancel","workflowId":"0197e2c4-0000-4000-8000-000000000001","reason":"sold","unknown":{}}"""));
        Assert.Equal(byId, Read(Encoding.UTF8.GetString(ControlJson.Write(byId))));
        Assert.Equal(byKey, Read(Encoding.UTF8.GetString(ControlJson.Write(byKey))));
    }

    [Theory]
    [InlineData(CancelWorkflow.MaximumReasonLength, true)]
    [InlineData(CancelWorkflow.MaximumReasonLength + 1, false)]
    public void A_cancellation_s_reason_is_bounded(int length, bool isRead)
    {
        var body = ControlJson.Write(new CancelWorkflow { WorkflowType = "order", BusinessKey = "17", Reason = new string('x', length) });

        Assert.Equal(isRead, ControlJson.TryRead(body, out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ broken")]
    [InlineData("""{"workflowType":"order","message":{}}""")]
    [InlineData("""{"kind":"stop"}""")]
    [InlineData("""{"kind":"start","kind":"query"}""")]
    [InlineData("""{"kind":"start","message":{}}""")]
    [InlineData("""{"kind":"start","workflowType":"order"}""")]
    [InlineData("""{"kind":"cancel"}""")]
    [InlineData("""{"kind":"cancel","businessKey":"17"}""")]
    [InlineData("""{"kind":"signal","workflowType":"order","message":{}}""")]
    [InlineData("""{"kind":"signal","workflowId":"0197e2c4-0000-4000-8000-000000000001"}""")]
    [InlineData("""{"kind":"query","what":"workflow"}""")]
    [InlineData("""{"kind":"query","what":"workflow","workflowType":"order"}""")]
    [InlineData("""{"kind":"query","what":"everything","workflowId":"0197e2c4-0000-4000-8000-000000000001"}""")]
    [InlineData("""{"kind":"query","what":"history","workflowId":"0197e2c4-0000-4000-8000-000000000001","limit":201}""")]
    [InlineData("""{"kind":"query","what":"history","workflowId":"not-an-id"}""")]
    public void A_message_of_the_wrong_form_is_malformed(string body)
    {
        Assert.False(ControlJson.TryRead(Encoding.UTF8.GetBytes(body), out _, out var problem));
        Assert.Equal(Disposition.Malformed, problem.Disposition);
    }

    [Fact]
    public void A_reply_is_a_receipt_to_those_who_know_only_receipts()
    {
        var body = ControlJson.Write(new ControlReply { Disposition = Disposition.DuplicateConflict, Detail = "Other input" });

        Assert.True(WireJson.TryReadReceipt(body, out var receipt, out _));
        Assert.Equal(new Receipt(Disposition.DuplicateConflict, "Other input"), receipt);
    }

    private static ControlMessage Read(string body) => ControlJson.TryRead(Encoding.UTF8.GetBytes(body), out var message, out var problem)
        ? message
        : throw new JsonException(problem.Detail);
}
