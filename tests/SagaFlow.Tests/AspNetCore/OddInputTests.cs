using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Input that looks wrong and is legal: it is taken, and kept as it came.</summary>
[Collection(CallbackCollection.Name)]
public sealed class OddInputTests(CallbackHost host)
{
    [Theory]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1e400000")]
    [InlineData("-0")]
    [InlineData("null")]
    [InlineData("{ \"a\" : 1 ,\t\"a\" : 2.50 }")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890.10")]
    [Trait("Req", "REL-4.6-34")]
    [Trait("Req", "REL-4.6-35")]
    public async Task An_opaque_result_is_kept_byte_for_byte(string result)
    {
        foreach (var road in new[] { "http", "bus" })
        {
            var workflowId = await host.StartAsync();
            var body = $$"""{"kind":"completed","taskToken":"{{await host.TokenAsync(workflowId)}}","result":{{result}}}""";

            var told = await host.TellAsync(road, AnswerKind.Completed, BadInput.Bytes(body));

            Assert.Equal(Disposition.Applied, told.Disposition);
            Assert.Equal(result, (await host.ActivityAsync(workflowId)).Result);
        }
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-32")]
    [Trait("Req", "REL-4.6-36")]
    [Trait("Req", "REL-4.6-55")]
    public async Task Unknown_fields_a_byte_order_mark_and_a_clock_gone_wrong_do_no_harm(string road)
    {
        var workflowId = await host.StartAsync();
        var body = $$"""{"occurredAt":"2099-01-01T00:00:00Z","$type":"System.Diagnostics.Process","kind":"completed","taskToken":"{{await host.TokenAsync(workflowId)}}","result":1}""";

        var told = await host.TellAsync(road, AnswerKind.Completed, [0xEF, 0xBB, 0xBF, .. BadInput.Bytes(body)]);

        Assert.Equal(Disposition.Applied, told.Disposition);
        Assert.Equal(host.Clock.GetUtcNow(), (await host.ActivityAsync(workflowId)).ClosedAt);
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-21")]
    [Trait("Req", "T7")]
    [Trait("Req", "P2")]
    public async Task A_heartbeat_without_a_heartbeat_timeout_is_ignored_and_says_so(string road)
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId);
        await host.TellAsync(road, AnswerKind.Started, BadInput.Bytes($$"""{"kind":"started","taskToken":"{{token}}"}"""));
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.TellAsync(road, AnswerKind.Heartbeat, BadInput.Bytes($$"""{"kind":"heartbeat","taskToken":"{{token}}"}"""));

        Assert.Equal((Disposition.Ignored, 200), (told.Disposition, told.Status));
        Assert.Equal("no heartbeat timeout", told.Receipt!.Detail);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-65")]
    public async Task A_long_error_text_is_cut_and_marked(string road)
    {
        var workflowId = await host.StartAsync();
        var body = $$"""{"kind":"failed","taskToken":"{{await host.TokenAsync(workflowId)}}","failure":{"type":"Odd","message":"{{new string('e', 50_000)}}"} }""";

        var told = await host.TellAsync(road, AnswerKind.Failed, BadInput.Bytes(body));

        var message = (await host.ActivityAsync(workflowId)).Failure!.Message;
        Assert.Equal(Disposition.Applied, told.Disposition);
        Assert.EndsWith("… [truncated]", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 16_000, 16_384);
    }
}
