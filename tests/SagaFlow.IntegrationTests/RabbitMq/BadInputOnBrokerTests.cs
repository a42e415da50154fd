using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using SagaFlow.Contracts;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Bad answers over the real broker: each is told what is wrong with it, put aside when it cannot be read, and changes nothing.</summary>
[Collection(BrokerCollection.Name)]
public sealed class BadInputOnBrokerTests(BadInputOnBrokerTests.Engine engine) : IClassFixture<BadInputOnBrokerTests.Engine>
{
    [Theory]
    [InlineData("1", """{"kind":"completed","result":1}""", "malformed", "token_missing")]
    [InlineData("2", """{"kind":"completed","result":1,"taskToken":""}""", "malformed", "token_missing")]
    [InlineData("2", """{"kind":"completed","result":1,"taskToken":"  "}""", "malformed", "token_missing")]
    [InlineData("4", """{"kind":"completed","result":1,"taskToken":"sf1.k.a+b/.AAAA=="}""", "malformed", "token")]
    [InlineData("6", """{"kind":"completed","result":1,"taskToken":"sf0.k.AQID.BAUG"}""", "malformed", "token")]
    [InlineData("7", """{"kind":"completed","result":1,"taskToken":"sf1.nobody.AQID.BAUG"}""", "invalid_token", null)]
    [InlineData("24", "", "malformed", "body_missing")]
    [InlineData("24", "null", "malformed", "body_missing")]
    [InlineData("24", """{"kind":"completed","taskToken":"TOKEN"}""", "malformed", "field_missing")]
    [InlineData("25", """{"kind":"completed","taskToken":"TOKEN","result":""", "malformed", "json")]
    [InlineData("25", """{"kind":"completed","taskToken":"TOKEN","result":1}x""", "malformed", "json")]
    [InlineData("26", """{"kind":"completed","taskToken":"TOKEN","result":1,}""", "malformed", "json")]
    [InlineData("26", """{"kind":"completed","taskToken":"TOKEN","result":NaN}""", "malformed", "json")]
    [InlineData("26", """{'kind':'completed'}""", "malformed", "json")]
    [InlineData("26", """{/* */"kind":"completed","taskToken":"TOKEN","result":1}""", "malformed", "json")]
    [InlineData("27", """{"kind":"completed","taskToken":"TOKEN","result":1,"result":2}""", "malformed", "json_duplicate_key")]
    [InlineData("34", """{"kind":"completed","taskToken":"TOKEN","result":1,"messageId":"a\u0000b"}""", "malformed", "nul_not_allowed")]
    [InlineData("35", """{"kind":"heartbeat","taskToken":"TOKEN","sequence":1e400000}""", "malformed", "type")]
    [InlineData("35", """{"kind":"failed","taskToken":"TOKEN","failure":{"type":"a\ud800","message":"b"}}""", "malformed", "text")]
    [InlineData("37", """{"kind":7,"taskToken":"TOKEN","result":1}""", "malformed", "type")]
    [InlineData("37", """{"kind":"failed","taskToken":"TOKEN","failure":"it broke"}""", "malformed", "type")]
    [InlineData("37", """["kind","completed"]""", "malformed", "type")]
    [InlineData("37", """{"kind":"finished","taskToken":"TOKEN","result":1}""", "malformed", "kind")]
    [Trait("Req", "REL-4.6-1")]
    [Trait("Req", "REL-4.6-2")]
    [Trait("Req", "REL-4.6-4")]
    [Trait("Req", "REL-4.6-6")]
    [Trait("Req", "REL-4.6-7")]
    [Trait("Req", "REL-4.6-24")]
    [Trait("Req", "REL-4.6-25")]
    [Trait("Req", "REL-4.6-26")]
    [Trait("Req", "REL-4.6-27")]
    [Trait("Req", "REL-4.6-34")]
    [Trait("Req", "REL-4.6-35")]
    [Trait("Req", "REL-4.6-37")]
    public async Task A_mistake_is_named_by_a_receipt_and_by_the_quarantine(string row, string body, string disposition, string? code)
    {
        var bytes = Encoding.UTF8.GetBytes(body.Replace("TOKEN", engine.Token, StringComparison.Ordinal));

        await ShouldBeToldAsync(row, bytes, disposition, code);
    }

    public static TheoryData<string, byte[], string, string> Bytes => new()
    {
        { "3", Text($$"""{"kind":"completed","result":1,"taskToken":"sf1.k.{{new string('A', 200_000)}}.AAAA"}"""), "malformed", "token" },
        { "28", Text($$"""{"result":{{new string('[', 33)}}{{new string(']', 33)}}}"""), "malformed", "json" },
        { "28", Text(new string('[', 100_000)), "malformed", "type" },
        { "29", Text($$"""{"result":"{{new string('x', WireLimits.BodyBytes)}}"}"""), "too_large", "too_large" },
        { "31", [0x1F, 0x8B, 8, 0, 0xFF], "malformed", "content_encoding" },
        { "33", [.. "{\"kind\":\""u8, 0xC0, 0xAF, .. "\"}"u8], "malformed", "utf8" },
    };

    [Theory]
    [MemberData(nameof(Bytes))]
    [Trait("Req", "REL-4.6-3")]
    [Trait("Req", "REL-4.6-28")]
    [Trait("Req", "REL-4.6-29")]
    [Trait("Req", "REL-4.6-31")]
    [Trait("Req", "REL-4.6-33")]
    public Task Bytes_that_are_too_many_or_too_deep_are_refused(string row, byte[] body, string disposition, string code) =>
        ShouldBeToldAsync(row, body, disposition, code);

    [Fact]
    [Trait("Req", "REL-4.6-23")]
    public Task A_checkpoint_that_is_too_large_is_refused() => ShouldBeToldAsync(
        "23", Text($$"""{"kind":"heartbeat","taskToken":"{{engine.Token}}","checkpoint":"{{new string('x', WireLimits.CheckpointBytes)}}"}"""), "too_large", "checkpoint_too_large");

    [Fact]
    [Trait("Req", "REL-4.6-35")]
    [Trait("Req", "REL-4.6-36")]
    [Trait("Req", "REL-4.6-58")]
    public async Task Payload_bytes_come_through_and_unknown_fields_do_no_harm()
    {
        const string Result = """{ "parcelId" : "\u0044E-7",  "big" : 1e400000, "half" : "\ud800", "nul" : "\u0000" }""";
        var (id, token) = await engine.StartAsync();

        var told = await engine.Stranger.AnswerAsync(
            Text($$"""{ "version" : 9, "kind" : "completed",{{"\n\t"}}"taskToken" : "{{token}}", "result" : {{Result}} }"""), contentType: null);

        Assert.Equal("applied", told.GetProperty("disposition").GetString());
        var activity = Assert.Single(await engine.Host.Get<Storage.IWorkflowReader>().ReadActivitiesAsync(id, default));
        Assert.Equal(Result, activity.Result);
    }

    [Fact]
    [Trait("Req", "REL-4.6-62")]
    public async Task Odd_properties_crash_nothing()
    {
        var (_, taskToken) = await engine.StartAsync();
        var body = JsonSerializer.SerializeToUtf8Bytes(new { kind = "started", taskToken });
        BasicProperties[] odd =
        [
            new() { Priority = 255, Expiration = "0" },
            new() { Headers = new Dictionary<string, object?> { ["table"] = new Dictionary<string, object?> { ["a"] = 1 }, ["list"] = new List<object?> { 1, "b", null }, ["none"] = null } },
            new() { Headers = new Dictionary<string, object?> { ["large"] = new byte[100_000] } },
            new() { MessageId = new string('m', 255), CorrelationId = new string('c', 255), Type = "x", ContentEncoding = "gzip", Timestamp = new AmqpTimestamp(long.MaxValue) },
            new() { ReplyTo = $"{engine.Host.Prefix}.control" },
            new() { ReplyTo = "no-such-queue" },
            new() { ContentType = "" },
        ];

        foreach (var properties in odd)
        {
            await engine.Stranger.Channel.BasicPublishAsync($"{engine.Host.Prefix}.answers", "", mandatory: false, properties, body);
        }

        Assert.Equal("applied", (await engine.Stranger.AnswerAsync(new { kind = "completed", taskToken, result = new { parcelId = "x" } })).GetProperty("disposition").GetString());
        Assert.Equal(0U, await engine.Stranger.Channel.MessageCountAsync($"{engine.Host.Prefix}.answers"));
        await engine.ShouldBeWellAsync();
    }

    private async Task ShouldBeToldAsync(string row, byte[] body, string disposition, string? code)
    {
        var quarantine = engine.Host.Get<IMessageQuarantine>();
        var before = (await quarantine.ListAsync(10_000)).Select(x => x.Id).ToHashSet();

        var told = await engine.Stranger.AnswerAsync(body, application: $"row {row}");

        Assert.Equal(disposition, told.GetProperty("disposition").GetString());
        var aside = (await quarantine.ListAsync(10_000)).Where(x => !before.Contains(x.Id)).ToList();
        Assert.Equal(code is null ? [] : [(code, $"application 'row {row}'")], aside.Select(x => (x.Reason.Split(':')[0], x.Sender)));
        await engine.ShouldBeWellAsync();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>One engine for all rows, with one activity that stays open.</summary>
    public sealed class Engine : IAsyncLifetime
    {
        private int _number;

        internal BrokerHost Host { get; private set; } = null!;

        internal Stranger Stranger { get; private set; } = null!;

        internal string Token { get; private set; } = "";

        private Guid OpenId { get; set; }

        public async Task InitializeAsync()
        {
            Host = await BrokerHost.StartEngineAsync();
            Stranger = await Stranger.ConnectAsync(Host.Prefix);
            (OpenId, Token) = await StartAsync();
        }

        public async Task DisposeAsync()
        {
            await Stranger.DisposeAsync();
            await Host.DisposeAsync();
        }

        internal async Task<(Guid Id, string Token)> StartAsync()
        {
            var id = await Host.StartParcelAsync($"P-{Interlocked.Increment(ref _number)}");
            return (id, await Stranger.TakeTokenAsync());
        }

        /// <summary>The open activity is as it was, and no error queue has come to be.</summary>
        internal async Task ShouldBeWellAsync()
        {
            var activity = Assert.Single(await Host.Get<Storage.IWorkflowReader>().ReadActivitiesAsync(OpenId, default));
            Assert.Equal((Activities.ActivityStatus.Scheduled, 1), (activity.Status, activity.Attempt));
            Assert.DoesNotContain(
                (await TestBroker.ListAsync("queues", Host.Prefix)).Select(TestBroker.NameOf),
                x => x.EndsWith("_error", StringComparison.Ordinal) || x.EndsWith("_skipped", StringComparison.Ordinal));
        }
    }
}
