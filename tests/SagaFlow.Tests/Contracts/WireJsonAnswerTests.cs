using System.Text;
using System.Text.Json;
using SagaFlow.Contracts;
using static SagaFlow.Tests.Contracts.WireSamples;

namespace SagaFlow.Tests.Contracts;

public sealed class WireJsonAnswerTests
{
    private const string Completed = """{"kind":"completed","taskToken":"sf1.k1.AQID.BAUG","result":@}""";
    private const string Failed = """{"kind":"failed","taskToken":"sf1.k1.AQID.BAUG","failure":@}""";
    private const string Heartbeat = """{"kind":"heartbeat","taskToken":"sf1.k1.AQID.BAUG",@}""";

    [Theory]
    [InlineData("started", AnswerKind.Started)]
    [InlineData("heartbeat", AnswerKind.Heartbeat)]
    [InlineData("canceled", AnswerKind.Canceled)]
    [InlineData("released", AnswerKind.Released)]
    [Trait("Req", "E15")]
    public void An_answer_needs_only_its_kind_and_token(string kind, AnswerKind expected)
    {
        var answer = Read($$"""{"kind":"{{kind}}","taskToken":"sf1.k1.AQID.BAUG"}""");

        Assert.Equal(expected, answer.Kind);
        Assert.Equal(Token, answer.TaskToken);
    }

    [Fact]
    [Trait("Req", "E14")]
    public void A_failure_is_read_with_its_defaults()
    {
        var failure = Read(Failed.Replace("@", """{"type":"Busy","message":""}""")).Failure;

        Assert.Equal(new ActivityFailure("Busy", ""), failure);
    }

    [Theory]
    [Trait("Req", "E13")]
    [InlineData("null")]
    [InlineData("{ \"a\" :\n\t[ 1 , 2 ] }")]
    [InlineData("1e400000")]
    [InlineData("-0")]
    [InlineData("\"\\ud800 \\u0000 \\u0041\"")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("\"Grüße 🚚\"")]
    public void A_payload_passes_byte_for_byte(string payload)
    {
        var answer = Read(Completed.Replace("@", payload));

        var written = Text(WireJson.Write(answer));

        Assert.Equal(payload, Encoding.UTF8.GetString(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(answer.Result!.Value)));
        Assert.Contains($"\"result\":{payload}", written, StringComparison.Ordinal);
        Assert.Equal(written, Text(WireJson.Write(Read(written))));
    }

    [Fact]
    public void A_number_of_400_digits_passes_byte_for_byte()
    {
        A_payload_passes_byte_for_byte(new string('7', 400));
    }

    [Fact]
    public void A_checkpoint_passes_byte_for_byte_and_null_says_there_is_none()
    {
        Assert.Equal("[ 1.0 ]", Read(Heartbeat.Replace("@", "\"checkpoint\":[ 1.0 ]")).Checkpoint!.Value.GetRawText());
        Assert.Null(Read(Heartbeat.Replace("@", "\"checkpoint\":null")).Checkpoint);
    }

    [Fact]
    public void A_completion_without_a_result_writes_it_as_null()
    {
        var written = Text(WireJson.Write(new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = Token }));

        Assert.Equal("""{"kind":"completed","taskToken":"sf1.k1.AQID.BAUG","result":null}""", written);
    }

    [Fact]
    public void Fields_that_the_kind_has_no_use_for_are_dropped()
    {
        var read = Read(Text(WireJson.Write(Answer)));

        Assert.Null(read.Result);
        Assert.Null(read.Sequence);
        Assert.Null(read.RunningForMs);
        Assert.Equal(Answer.Failure, read.Failure);
        Assert.Equal("2", read.Checkpoint!.Value.GetRawText());
    }

    [Fact]
    public void Unknown_fields_are_ignored()
    {
        Assert.Equal(1, Read(Heartbeat.Replace("@", "\"sequence\":1,\"new\":{\"x\":[1,{}]},\"Kind\":7")).Sequence);
    }

    [Fact]
    public void A_byte_order_mark_is_accepted()
    {
        Assert.Equal(AnswerKind.Heartbeat, Read("\uFEFF" + Heartbeat.Replace("@", "\"sequence\":1") + "\r\n").Kind);
    }

    [Theory]
    [Trait("Req", "P4")]
    [InlineData("", "body_missing")]
    [InlineData(" \r\n", "body_missing")]
    [InlineData("null", "body_missing")]
    [InlineData("[]", "type")]
    [InlineData("\"x\"", "type")]
    [InlineData("{", "json")]
    [InlineData("{}x", "json")]
    [InlineData("{} {}", "json")]
    [InlineData("{}/* c */", "json")]
    [InlineData("{'kind':1}", "json")]
    [InlineData("""{"kind":NaN}""", "json")]
    [InlineData("""{"kind":Infinity}""", "json")]
    [InlineData("""{"kind":"started",}""", "json")]
    [InlineData("""{"taskToken":"sf1.k1.AQID.BAUG"}""", "field_missing", "$.kind")]
    [InlineData("""{"kind":"Started","taskToken":"sf1.k1.AQID.BAUG"}""", "kind")]
    [InlineData("""{"kind":"done","taskToken":"sf1.k1.AQID.BAUG"}""", "kind")]
    [InlineData("""{"kind":2,"taskToken":"sf1.k1.AQID.BAUG"}""", "type", "$.kind")]
    [InlineData("""{"kind":"started"}""", "token_missing")]
    [InlineData("""{"kind":"started","taskToken":null}""", "token_missing")]
    [InlineData("""{"kind":"started","taskToken":" "}""", "token_missing")]
    [InlineData("""{"kind":"started","taskToken":"sf0.k1.AQID.BAUG"}""", "token")]
    [InlineData("""{"kind":"started","taskToken":"sf1.k1.AQID.BAUG="}""", "token")]
    [InlineData("""{"kind":"started","taskToken":{}}""", "type", "$.taskToken")]
    [InlineData("""{"kind":"completed","taskToken":"sf1.k1.AQID.BAUG"}""", "field_missing", "$.result")]
    [InlineData("""{"kind":"failed","taskToken":"sf1.k1.AQID.BAUG"}""", "field_missing", "$.failure")]
    [InlineData("""{"kind":"failed","taskToken":"sf1.k1.AQID.BAUG","failure":null}""", "field_missing", "$.failure")]
    [InlineData("""{"kind":"failed","taskToken":"sf1.k1.AQID.BAUG","failure":"Busy"}""", "type", "$.failure")]
    [InlineData("""{"kind":"started","kind":"started","taskToken":"sf1.k1.AQID.BAUG"}""", "json_duplicate_key", "$.kind")]
    [InlineData("""{"kind":"started","k\u0069nd":"started","taskToken":"sf1.k1.AQID.BAUG"}""", "json_duplicate_key", "$.kind")]
    [InlineData("""{"kind":"started","x":1,"x":1,"taskToken":"sf1.k1.AQID.BAUG"}""", "json_duplicate_key", "$.x")]
    [InlineData("""{"kind":"started","\ud800":1,"taskToken":"sf1.k1.AQID.BAUG"}""", "text")]
    public void A_body_that_breaks_the_rules_is_malformed(string body, string code, string path = "")
    {
        AssertRefused(Bytes(body), Disposition.Malformed, code, path);
    }

    [Theory]
    [InlineData("\"sequence\":1.5", "type", "$.sequence")]
    [InlineData("\"sequence\":\"1\"", "type", "$.sequence")]
    [InlineData("\"sequence\":9223372036854775808", "type", "$.sequence")]
    [InlineData("\"sequence\":1e400000", "type", "$.sequence")]
    [InlineData("\"sequence\":-1", "range", "$.sequence")]
    [InlineData("\"runningForMs\":-1", "range", "$.runningForMs")]
    [InlineData("\"runningForMs\":315360000001", "range", "$.runningForMs")]
    [InlineData("\"messageId\":7", "type", "$.messageId")]
    [InlineData("\"messageId\":\"a\\u0000b\"", "nul_not_allowed", "$.messageId")]
    [InlineData("\"messageId\":\"\\udc00\"", "text", "$.messageId")]
    [InlineData("\"failure\":{\"type\":\"\",\"message\":\"m\"}", "field_missing", "$.failure.type")]
    [InlineData("\"failure\":{\"message\":\"m\"}", "field_missing", "$.failure.type")]
    [InlineData("\"failure\":{\"type\":\"t\"}", "field_missing", "$.failure.message")]
    [InlineData("\"failure\":{\"type\":\"t\",\"message\":1}", "type", "$.failure.message")]
    [InlineData("\"failure\":{\"type\":\"a\\u0000\",\"message\":\"m\"}", "nul_not_allowed", "$.failure.type")]
    [InlineData("\"failure\":{\"type\":\"t\",\"type\":\"t\",\"message\":\"m\"}", "json_duplicate_key", "$.failure.type")]
    [InlineData("\"failure\":{\"type\":\"t\",\"message\":\"m\",\"retryable\":\"no\"}", "type", "$.failure.retryable")]
    [InlineData("\"failure\":{\"type\":\"t\",\"message\":\"m\",\"nextRetryDelayMs\":1e3}", "type", "$.failure.nextRetryDelayMs")]
    [InlineData("\"failure\":{\"type\":\"t\",\"message\":\"m\",\"nextRetryDelayMs\":315360000001}", "range", "$.failure.nextRetryDelayMs")]
    public void A_field_of_the_wrong_form_is_named_with_its_path(string field, string code, string path)
    {
        AssertRefused(Bytes(Heartbeat.Replace("@", field)), Disposition.Malformed, code, path);
    }

    [Fact]
    public void A_message_id_has_at_most_128_characters()
    {
        string Body(int length) => Heartbeat.Replace("@", $"\"messageId\":\"{new string('m', length)}\"");

        Assert.Equal(128, Read(Body(128)).MessageId!.Length);
        AssertRefused(Bytes(Body(129)), Disposition.Malformed, "too_long", "$.messageId");
        Assert.Null(Read(Body(0)).MessageId);
    }

    [Theory]
    [InlineData(new byte[] { 0x22, 0xC0, 0xAF, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xFF, 0x22 })]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00 })]
    public void Bytes_that_are_no_utf8_are_malformed(byte[] bytes)
    {
        AssertRefused(bytes, Disposition.Malformed, "utf8");
    }

    [Fact]
    public void Nesting_is_limited_to_32_levels()
    {
        string Body(int depth) => Completed.Replace("@", new string('[', depth - 1) + new string(']', depth - 1));

        Assert.NotNull(Read(Body(32)).Result);
        AssertRefused(Bytes(Body(33)), Disposition.Malformed, "json");
        AssertRefused(Bytes(Body(100_000)), Disposition.Malformed, "json");
    }

    [Fact]
    public void A_body_has_at_most_256_KiB()
    {
        var start = Completed.Replace("@}", "");
        byte[] Body(int size) => Bytes(start + '"' + new string('x', size - start.Length - 3) + "\"}");

        Assert.NotNull(Read(Text(Body(WireLimits.BodyBytes))).Result);
        AssertRefused(Body(WireLimits.BodyBytes + 1), Disposition.TooLarge, "too_large", "262144");
        AssertRefused(Bytes(new string('[', WireLimits.BodyBytes + 1)), Disposition.TooLarge, "too_large");
    }

    [Fact]
    public void A_checkpoint_has_at_most_16_KiB()
    {
        string Body(int size) => Heartbeat.Replace("@", $"\"checkpoint\":\"{new string('x', size - 2)}\"");

        Assert.NotNull(Read(Body(WireLimits.CheckpointBytes)).Checkpoint);
        AssertRefused(Bytes(Body(WireLimits.CheckpointBytes + 1)), Disposition.TooLarge, "checkpoint_too_large", "$.checkpoint");
    }

    [Theory]
    [InlineData(16 * 1024, false)]
    [InlineData(16 * 1024 + 1, true)]
    [InlineData(100_000, true)]
    public void A_long_error_text_is_cut_and_marked_by_reader_and_writer(int length, bool isCut)
    {
        var text = new string('e', length);
        var read = Read(Failed.Replace("@", $$"""{"type":"t","message":"{{text}}","details":"{{text}}"}""")).Failure!;
        var written = Text(WireJson.Write(Answer with { Failure = new ActivityFailure("t", text, text) }));

        Assert.Equal(isCut, read.Message.EndsWith(ErrorText.Marker, StringComparison.Ordinal));
        Assert.Equal(isCut, read.Details!.EndsWith(ErrorText.Marker, StringComparison.Ordinal));
        Assert.True(Encoding.UTF8.GetByteCount(read.Message) <= WireLimits.ErrorTextBytes);
        Assert.Equal(read.Message, JsonElement.Parse(written).GetProperty("failure").GetProperty("message").GetString());
    }

    [Fact]
    public void A_cut_never_splits_a_character()
    {
        var cut = ErrorText.Clean("x" + string.Concat(Enumerable.Repeat("🚚", 8_000)));

        Assert.EndsWith("🚚" + ErrorText.Marker, cut, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), WireLimits.ErrorTextBytes - 4, WireLimits.ErrorTextBytes);
    }

    [Fact]
    public void A_nul_in_an_error_text_does_not_cost_the_failure()
    {
        var failure = Read(Failed.Replace("@", """{"type":"t","message":"a\u0000b"}""")).Failure!;

        Assert.Equal("a\uFFFDb", failure.Message);
    }

    [Fact]
    public void A_retry_delay_below_a_millisecond_is_rounded_up()
    {
        var answer = Answer with { Failure = new ActivityFailure("t", "m", NextRetryDelay: TimeSpan.FromTicks(1)) };

        Assert.Equal(TimeSpan.FromMilliseconds(1), Read(Text(WireJson.Write(answer))).Failure!.NextRetryDelay);
    }

    [Fact]
    public void Route_and_header_may_give_kind_and_token()
    {
        var given = new AnswerGiven(AnswerKind.Heartbeat, Token);

        var isRead = WireJson.TryReadAnswer(Bytes("{}"), given, out var answer, out _);

        Assert.True(isRead);
        Assert.Equal(AnswerKind.Heartbeat, answer!.Kind);
        Assert.Equal(Token, answer.TaskToken);
    }

    [Theory]
    [InlineData("""{"kind":"started"}""", "kind")]
    [InlineData("""{"taskToken":"sf1.k1.AQID.AAAA"}""", "token")]
    public void Route_and_header_must_not_be_contradicted(string body, string code)
    {
        var given = new AnswerGiven(AnswerKind.Heartbeat, Token);

        var isRead = WireJson.TryReadAnswer(Bytes(body), given, out _, out var problem);

        Assert.False(isRead);
        Assert.Equal(code, problem!.Code);
    }

    private static ActivityAnswer Read(string body)
    {
        var isRead = WireJson.TryReadAnswer(Bytes(body), out var answer, out var problem);

        Assert.True(isRead, problem?.Detail);
        return answer!;
    }

    private static void AssertRefused(byte[] body, Disposition disposition, string code, string detail = "")
    {
        var isRead = WireJson.TryReadAnswer(body, out var answer, out var problem);

        Assert.False(isRead);
        Assert.Null(answer);
        Assert.Equal(disposition, problem!.Disposition);
        Assert.Equal(code, problem.Code);
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("AQID", problem.Detail, StringComparison.Ordinal);
    }
}
