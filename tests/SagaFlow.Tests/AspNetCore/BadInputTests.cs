using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>What cannot be read: the same bytes over HTTP and by the bus get the same answer and change nothing.</summary>
[Collection(CallbackCollection.Name)]
public sealed class BadInputTests(CallbackHost host)
{
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var name in BadInput.All.Keys)
        {
            rows.Add(name, "http");
            rows.Add(name, "bus");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    [Trait("Req", "REL-4.6-1")]
    [Trait("Req", "REL-4.6-2")]
    [Trait("Req", "REL-4.6-3")]
    [Trait("Req", "REL-4.6-4")]
    [Trait("Req", "REL-4.6-5")]
    [Trait("Req", "REL-4.6-6")]
    [Trait("Req", "REL-4.6-23")]
    [Trait("Req", "REL-4.6-24")]
    [Trait("Req", "REL-4.6-25")]
    [Trait("Req", "REL-4.6-26")]
    [Trait("Req", "REL-4.6-27")]
    [Trait("Req", "REL-4.6-28")]
    [Trait("Req", "REL-4.6-29")]
    [Trait("Req", "REL-4.6-33")]
    [Trait("Req", "REL-4.6-34")]
    [Trait("Req", "REL-4.6-35")]
    [Trait("Req", "REL-4.6-37")]
    [Trait("Req", "REL-4.6-65")]
    [Trait("Req", "P4")]
    public async Task Bad_input_is_refused_by_name_and_changes_nothing(string row, string road)
    {
        var input = BadInput.All[row];
        var workflowId = await host.StartAsync();
        var body = input.Body(await host.TokenAsync(workflowId));
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.TellAsync(road, input.Kind, body);

        Assert.Equal(input.Disposition, told.Disposition);
        Assert.Equal(input.Code, told.Code);
        Assert.Equal(input.Disposition.ToHttpStatus(), told.Status);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("http")]
    [InlineData("bus")]
    [Trait("Req", "REL-4.6-25")]
    public async Task Broken_json_is_located_by_line_and_byte(string road)
    {
        var told = await host.TellAsync(road, AnswerKind.Completed, BadInput.Bytes("{\n  \"kind\": completed }"));

        Assert.Contains("line 2, byte 11", told.Receipt!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"kind":"completed","taskToken":nope}""", "Not JSON at line 1, byte 34")]
    [InlineData("""{"kind":"completed","result":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]""", "Deeper than 32 levels at line 1, byte 61")]
    [InlineData("""{"kind":"completed","result":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1}""", "Not JSON at line 1, byte 62")]
    [InlineData("""{"kind":"completed","result":1}""", "Field '$.taskToken' is missing")]
    [InlineData("""{"kind":"completed","taskToken":"","result":1}""", "Field '$.taskToken' is empty")]
    [Trait("Req", "REL-4.6-1")]
    [Trait("Req", "REL-4.6-2")]
    [Trait("Req", "REL-4.6-25")]
    [Trait("Req", "REL-4.6-28")]
    public async Task Each_fault_has_words_of_its_own_on_both_roads(string body, string detail)
    {
        var http = await host.TellAsync("http", AnswerKind.Completed, BadInput.Bytes(body));
        var bus = await host.TellAsync("bus", AnswerKind.Completed, BadInput.Bytes(body));

        Assert.Equal((detail, detail), (http.Receipt!.Detail, bus.Receipt!.Detail));
        Assert.Equal(http.Code, bus.Receipt.Code);
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0xFF }, "content_encoding", "The body is compressed (gzip); compressed bodies are not accepted: send it plain")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD }, "content_encoding", "The body is compressed (zstd); compressed bodies are not accepted: send it plain")]
    [InlineData(new byte[] { 0x78, 0x9C, 1 }, "content_encoding", "The body is compressed (deflate); compressed bodies are not accepted: send it plain")]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xC3, 0xA4, 0xC3, (byte)'"' }, "utf8", "The body is not valid UTF-8 at byte 5")]
    [Trait("Req", "REL-4.6-31")]
    [Trait("Req", "REL-4.6-33")]
    public async Task Bytes_that_are_no_text_are_told_from_a_compressed_body(byte[] body, string code, string detail)
    {
        var http = await host.TellAsync("http", AnswerKind.Completed, body);
        var bus = await host.TellAsync("bus", AnswerKind.Completed, body);

        Assert.Equal((detail, detail), (http.Receipt!.Detail, bus.Receipt!.Detail));
        Assert.Equal((code, code), (http.Code, bus.Receipt.Code));
    }

    [Fact]
    [Trait("Req", "REL-4.6-29")]
    public async Task A_body_of_exactly_256_KiB_is_taken_over_http()
    {
        var workflowId = await host.StartAsync();

        var told = await host.PostAsync(AnswerKind.Completed, BadInput.Padded(await host.TokenAsync(workflowId), WireLimits.BodyBytes));

        Assert.Equal(Disposition.Applied, told.Disposition);
    }
}
