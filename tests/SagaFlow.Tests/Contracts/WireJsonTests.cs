using SagaFlow.Contracts;
using static SagaFlow.Tests.Contracts.WireSamples;

namespace SagaFlow.Tests.Contracts;

public sealed class WireJsonTests
{
    [Fact]
    public void A_request_reads_back_as_it_was_written()
    {
        var bytes = WireJson.Write(Request);

        var isRead = WireJson.TryReadRequest(bytes, out var request, out var problem);

        Assert.True(isRead, problem?.Detail);
        Assert.Equal("""{ "provider" : "north" }""", request!.Arguments.GetRawText());
        Assert.Equal("[ 7 ]", request.Checkpoint!.Value.GetRawText());
        Assert.Equal(
            Request with { Arguments = default, Checkpoint = null }, request with { Arguments = default, Checkpoint = null });
        Assert.Equal(Text(bytes), Text(WireJson.Write(request)));
    }

    [Fact]
    public void A_request_without_the_optional_fields_leaves_them_out()
    {
        var bare = Request with
        {
            HeartbeatToken = null,
            ScheduleToCloseDeadline = null,
            StartToCloseTimeoutMs = null,
            ScheduleToStartTimeoutMs = null,
            HeartbeatTimeoutMs = null,
            Checkpoint = null,
            Traceparent = null,
            Arguments = Json("null"),
        };

        var text = Text(WireJson.Write(bare));

        Assert.Equal(
            """{"messageId":"11111111-2222-5333-8444-555555555555","workflowType":"data-routing","workflowId":"6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11","activityId":"Transmit-2","activity":"Transmit","attempt":3,"taskToken":"sf1.k1.AQID.BAUG","arguments":null,"scheduledAt":"2026-03-01T12:00:00.123Z","answerTo":{"exchange":"sagaflow.answers","routingKey":"data-routing"}}""",
            text);
        Assert.True(WireJson.TryReadRequest(Bytes(text), out _, out _));
    }

    [Theory]
    [InlineData("messageId", "\"x\"", "type")]
    [InlineData("workflowId", "7", "type")]
    [InlineData("activityId", "\"\"", "field_missing")]
    [InlineData("activity", "null", "field_missing")]
    [InlineData("attempt", "0", "range")]
    [InlineData("attempt", "2147483648", "range")]
    [InlineData("taskToken", "\"sf1.k1\"", "token")]
    [InlineData("heartbeatToken", "\"sf1.k1\"", "token")]
    [InlineData("scheduledAt", "\"2026-03-01T12:00:00\"", "type")]
    [InlineData("scheduledAt", "\"2026-03-01\"", "type")]
    [InlineData("scheduleToCloseDeadline", "\"2026-02-30T12:00:00Z\"", "type")]
    [InlineData("heartbeatTimeoutMs", "-1", "range")]
    [InlineData("answerTo", "{\"exchange\":\"e\"}", "field_missing")]
    [InlineData("answerTo", "{\"exchange\":\"e\",\"exchange\":\"e\",\"routingKey\":\"r\"}", "json_duplicate_key")]
    public void A_field_of_a_request_of_the_wrong_form_is_named(string field, string value, string code)
    {
        var fields = Json(Text(WireJson.Write(Request))).EnumerateObject()
            .Select(x => $"\"{x.Name}\":{(x.Name == field ? value : x.Value.GetRawText())}");

        var isRead = WireJson.TryReadRequest(Bytes("{" + string.Join(",", fields) + "}"), out _, out var problem);

        Assert.False(isRead);
        Assert.Equal(code, problem!.Code);
        Assert.Contains("$." + field, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_receipt_reads_back_as_it_was_written()
    {
        foreach (var receipt in (Receipt[])[WireSamples.Receipt, new(Disposition.Applied)])
        {
            var isRead = WireJson.TryReadReceipt(WireJson.Write(receipt), out var read, out var problem);

            Assert.True(isRead, problem?.Detail);
            Assert.Equal(receipt, read);
        }
    }

    [Fact]
    [Trait("Req", "M2")]
    public void A_receipt_has_the_names_of_the_wire()
    {
        Assert.Equal("""{"disposition":"duplicate_conflict","cancelRequested":false}""",
            Text(WireJson.Write(new Receipt(Disposition.DuplicateConflict))));
    }

    [Theory]
    [InlineData("""{"disposition":"Applied"}""", "disposition")]
    [InlineData("{}", "field_missing")]
    [InlineData("""{"disposition":"applied","cancelRequested":1}""", "type")]
    public void A_receipt_of_another_form_is_refused(string body, string code)
    {
        Assert.False(WireJson.TryReadReceipt(Bytes(body), out _, out var problem));
        Assert.Equal(code, problem!.Code);
    }

    [Theory]
    [InlineData("2026-03-01T12:00:00Z", 0, 0)]
    [InlineData("2026-03-01t12:00:00z", 0, 0)]
    [InlineData("2026-03-01T14:00:00+02:00", 2, 0)]
    [InlineData("2026-03-01T12:00:00.1234567899Z", 0, 1_234_567)]
    [InlineData("2026-03-01T12:00:00.5Z", 0, 5_000_000)]
    public void Instants_are_read_as_rfc_3339(string text, int offsetHours, int ticks)
    {
        Assert.True(Rfc3339.TryParse(text, out var instant));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks(ticks), instant);
        Assert.Equal(TimeSpan.FromHours(offsetHours), instant.Offset);
    }

    [Theory]
    [Trait("Req", "M2")]
    [InlineData("applied", 200)]
    [InlineData("duplicate", 200)]
    [InlineData("ignored", 200)]
    [InlineData("kept", 202)]
    [InlineData("malformed", 400)]
    [InlineData("invalid_token", 401)]
    [InlineData("forbidden", 403)]
    [InlineData("unknown_workflow", 404)]
    [InlineData("too_large", 413)]
    [InlineData("too_many", 429)]
    [InlineData("duplicate_conflict", 409)]
    [InlineData("stale_attempt", 409)]
    [InlineData("timed_out", 410)]
    [InlineData("canceled", 410)]
    [InlineData("activity_closed", 410)]
    [InlineData("workflow_closed", 410)]
    public void Each_disposition_has_its_name_and_status(string name, int httpStatus)
    {
        Assert.True(WireNames.TryReadDisposition(name, out var disposition));
        Assert.Equal(name, disposition.ToWireName());
        Assert.Equal(httpStatus, disposition.ToHttpStatus());
    }

    [Fact]
    public void Every_disposition_and_kind_has_a_name()
    {
        Assert.All(Enum.GetValues<Disposition>(), x => Assert.True(WireNames.TryReadDisposition(x.ToWireName(), out var read) && read == x));
        Assert.All(Enum.GetValues<AnswerKind>(), x => Assert.True(WireNames.TryReadKind(x.ToWireName(), out var read) && read == x));
    }

    [Fact]
    public void An_envelope_gives_the_message_and_what_counts_of_the_rest()
    {
        const string message = """{ "taskToken" : "sf1.k1.AQID.BAUG", "result": 1e5 }""";
        var body = Bytes("\uFEFF" + """
            {"messageId":"m-1","sourceAddress":"rabbitmq://h/s","responseAddress":"rabbitmq://h/r",
             "messageType":["urn:message:sagaflow:activity-completed"],"message":@,"headers":{},"host":{}}
            """.Replace("@", message, StringComparison.Ordinal));

        var isRead = WireJson.TryUnwrapEnvelope(body, out var envelope, out var problem);

        Assert.True(isRead, problem?.Detail);
        Assert.Equal(message, Text(envelope!.Message.ToArray()));
        Assert.Equal("m-1", envelope.MessageId);
        Assert.Equal("rabbitmq://h/r", envelope.ResponseAddress);
        Assert.Equal(["urn:message:sagaflow:activity-completed"], envelope.MessageTypes);
        Assert.True(WireJson.TryReadAnswer(envelope.Message, new AnswerGiven(AnswerKind.Completed, null), out _, out _));
    }

    [Theory]
    [InlineData("{}", "field_missing")]
    [InlineData("""{"message":null}""", "field_missing")]
    [InlineData("""{"message":"x"}""", "type")]
    [InlineData("""{"message":{},"message":{}}""", "json_duplicate_key")]
    [InlineData("""{"message":{},"messageType":"urn"}""", "type")]
    [InlineData("""{"message":{},"messageType":[1]}""", "type")]
    [InlineData("""{"message":{} ,}""", "json")]
    [InlineData("", "body_missing")]
    public void An_envelope_of_another_form_is_refused(string body, string code)
    {
        Assert.False(WireJson.TryUnwrapEnvelope(Bytes(body), out _, out var problem));
        Assert.Equal(code, problem!.Code);
    }
}
