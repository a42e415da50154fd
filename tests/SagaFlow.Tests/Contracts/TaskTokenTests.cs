using System.Text.Json;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Contracts;

public sealed class TaskTokenTests
{
    private const string Good = "sf1.k1.AQID.BAUG";

    [Fact]
    [Trait("Req", "P4")]
    public void A_token_of_the_right_shape_is_taken_as_it_is()
    {
        var isToken = TaskToken.TryParse(Good, out var token, out var problem);

        Assert.True(isToken);
        Assert.Null(problem);
        Assert.Equal(Good, token!.Value);
        Assert.Equal("k1", token.KeyId);
        Assert.Equal("AQID", token.Claims);
        Assert.Equal("BAUG", token.Mac);
        Assert.Equal("sf1.k1.AQID", token.Signed);
    }

    [Theory]
    [Trait("Req", "P4")]
    [InlineData(null, "token missing")]
    [InlineData("", "token missing")]
    [InlineData(" \t\n", "token missing")]
    [InlineData("sf0.k1.AQID.BAUG", "unknown version")]
    [InlineData("sf2.k1.AQID.BAUG", "unknown version")]
    [InlineData("SF1.k1.AQID.BAUG", "unknown version")]
    [InlineData(" sf1.k1.AQID.BAUG", "unknown version")]
    [InlineData("sf1.", "incomplete")]
    [InlineData("sf1.k1", "incomplete")]
    [InlineData("sf1.k1.AQID", "incomplete")]
    [InlineData("sf1..AQID.BAUG", "key id")]
    [InlineData("sf1.abcdefghijklmnopq.AQID.BAUG", "key id")]
    [InlineData("sf1.../../x.AQID.BAUG", "key id")]
    [InlineData("sf1.' or 1=1.AQID.BAUG", "key id")]
    [InlineData("sf1.ké.AQID.BAUG", "key id")]
    [InlineData("sf1.k1..BAUG", "base64url")]
    [InlineData("sf1.k1.AQID.", "base64url")]
    [InlineData("sf1.k1.AQID.BAUG.AAAA", "base64url")]
    [InlineData("sf1.k1.AQI=.BAUG", "base64url")]
    [InlineData("sf1.k1.AQ==.BAUG", "base64url")]
    [InlineData("sf1.k1.AQ+D.BAUG", "base64url")]
    [InlineData("sf1.k1.AQ/D.BAUG", "base64url")]
    [InlineData("sf1.k1.AQID.BAUG\n", "base64url")]
    [InlineData("sf1.k1.AQ D.BAUG", "base64url")]
    [InlineData("sf1.k1.AQIDA.BAUG", "base64url")]
    public void A_text_of_another_shape_is_refused_with_the_reason(string? text, string reason)
    {
        var isToken = TaskToken.TryParse(text, out var token, out var problem);

        Assert.False(isToken);
        Assert.Null(token);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AQI", true)]
    [InlineData("AQJ", false)]
    [InlineData("AQL", false)]
    [InlineData("AQ", true)]
    [InlineData("AR", false)]
    [InlineData("Af", false)]
    public void Unused_trailing_bits_must_be_zero(string mac, bool isToken)
    {
        Assert.Equal(isToken, TaskToken.TryParse("sf1.k1.AQID." + mac, out _, out _));
    }

    [Fact]
    public void The_length_is_checked_before_anything_else()
    {
        var longest = "sf1.k1.AQID." + new string('A', TaskToken.MaximumLength - 12);

        Assert.True(TaskToken.TryParse(longest, out _, out _));
        Assert.False(TaskToken.TryParse(longest + "A", out _, out var problem));
        Assert.Contains("longer than 300", problem, StringComparison.Ordinal);
        Assert.False(TaskToken.TryParse(new string('=', 1_000_000), out _, out problem));
        Assert.Contains("longer than 300", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_text_is_not_quoted_in_the_error()
    {
        var error = Assert.Throws<SagaFlowException>(() => TaskToken.Parse("sf1.k1.c2VjcmV0.c2VjcmV0="));

        Assert.DoesNotContain("c2VjcmV0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_in_a_text_is_redacted()
    {
        var token = TaskToken.Parse(Good);

        Assert.Equal("sf1.k1.…[redacted]", $"{token}");
        Assert.Equal("sf1.k1.…[redacted]", string.Concat(token));
    }

    [Fact]
    public void A_token_in_a_log_line_is_redacted_in_text_and_fields()
    {
        var log = new RecordingLogger();

        log.LogInformation("Answered with {TaskToken}", TaskToken.Parse(Good));

        Assert.DoesNotContain("AQID", log.Written, StringComparison.Ordinal);
        Assert.Contains("[redacted]", log.Written, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_that_carry_a_token_do_not_print_it()
    {
        var answer = new ActivityAnswer { Kind = AnswerKind.Started, TaskToken = Good };

        Assert.DoesNotContain("AQID", $"{answer}", StringComparison.Ordinal);
        Assert.DoesNotContain("AQID", $"{WireSamples.Request with { TaskToken = Good }}", StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_form_is_the_plain_text()
    {
        var json = JsonSerializer.Serialize(new { token = TaskToken.Parse(Good) });

        Assert.Equal("""{"token":"sf1.k1.AQID.BAUG"}""", json);
        Assert.Equal(TaskToken.Parse(Good), JsonSerializer.Deserialize<TaskToken>("\"sf1.k1.AQID.BAUG\""));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("\"sf1.k1.AQID\"")]
    [InlineData("\"\"")]
    public void Json_of_another_shape_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TaskToken>(json));
    }

    [Fact]
    public void Tokens_are_equal_when_every_character_is()
    {
        Assert.Equal(TaskToken.Parse(Good), TaskToken.Parse(Good));
        Assert.NotEqual(TaskToken.Parse(Good), TaskToken.Parse("sf1.K1.AQID.BAUG"));
    }

    private sealed class RecordingLogger : ILogger
    {
        public string Written { get; private set; } = "";

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            Written += formatter(state, exception) + string.Concat(fields.Select(x => $" {x.Key}={x.Value}"));
        }
    }
}
