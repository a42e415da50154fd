using System.Text;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Bad input that only HTTP can bring: methods, headers, framing.</summary>
[Collection(CallbackCollection.Name)]
public sealed class BadHttpTests(CallbackHost host)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [Trait("Req", "REL-4.6-53")]
    public async Task Another_method_than_post_changes_nothing(string method)
    {
        var workflowId = await host.StartAsync();
        var body = Completed(await host.TokenAsync(workflowId));
        var before = await host.SnapshotAsync(workflowId);

        var response = await RawHttp.CallAsync(host.Address, Request(body, method: method));

        Assert.StartsWith("HTTP/1.1 405 ", response, StringComparison.Ordinal);
        Assert.Contains("Allow: POST", response, StringComparison.Ordinal);
        Assert.Equal(method != "HEAD", response.Contains("\"code\":\"method_not_allowed\"", StringComparison.Ordinal));
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("/activities")]
    [InlineData("/activities/")]
    [InlineData("/activities/finish")]
    [InlineData("/activities/complete/now")]
    [InlineData("/activities/../complete")]
    [Trait("Req", "REL-4.6-53")]
    public async Task Another_path_is_not_found(string path)
    {
        var workflowId = await host.StartAsync();
        var before = await host.SnapshotAsync(workflowId);

        var response = await RawHttp.CallAsync(host.Address, Request(Completed(await host.TokenAsync(workflowId)), path: path));

        Assert.StartsWith("HTTP/1.1 404 ", response, StringComparison.Ordinal);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/problem+json")]
    [InlineData("json")]
    [InlineData("application/json, application/json")]
    [Trait("Req", "REL-4.6-32")]
    public async Task Another_content_type_is_not_read(string contentType)
    {
        var workflowId = await host.StartAsync();
        var before = await host.SnapshotAsync(workflowId);

        var told = await host.PostAsync(AnswerKind.Completed, BadInput.Bytes(Completed(await host.TokenAsync(workflowId))), contentType: contentType);

        Assert.Equal((Disposition.Malformed, 415, "content_type"), (told.Disposition, told.Status, told.Code));
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("Application/JSON")]
    [Trait("Req", "REL-4.6-32")]
    public async Task A_missing_content_type_and_every_spelling_of_json_are_read(string? contentType)
    {
        var workflowId = await host.StartAsync();

        var told = await host.PostAsync(AnswerKind.Completed, BadInput.Bytes(Completed(await host.TokenAsync(workflowId))), contentType: contentType);

        Assert.Equal(Disposition.Applied, told.Disposition);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [Trait("Req", "REL-4.6-31")]
    public async Task A_compressed_body_is_not_unpacked(string encoding)
    {
        var response = await RawHttp.CallAsync(host.Address, Request("\u001f\u008b", headers: $"Content-Encoding: {encoding}\r\n"));

        Assert.StartsWith("HTTP/1.1 415 ", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"content_encoding\"", response, StringComparison.Ordinal);
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("Authorization: Bearer @\r\nAuthorization: Bearer @\r\n")]
    [InlineData("Authorization: Basic Y2FuYXJ5\r\n")]
    [InlineData("Authorization: @\r\n")]
    [InlineData("Authorization: Bearer\r\n")]
    [InlineData("Authorization: Bearer @, Bearer @\r\n")]
    [InlineData("Authorization: Bearer sf1.k1.AQID.BAUG\r\n")]
    [Trait("Req", "REL-4.6-54")]
    public async Task A_second_or_unreadable_or_contradicting_authorization_is_malformed(string headers)
    {
        var workflowId = await host.StartAsync();
        var token = await host.TokenAsync(workflowId);
        var before = await host.SnapshotAsync(workflowId);

        var response = await RawHttp.CallAsync(host.Address, Request(Completed(token), headers: headers.Replace("@", token)));

        Assert.StartsWith("HTTP/1.1 400 ", response, StringComparison.Ordinal);
        Assert.Contains("\"disposition\":\"malformed\"", response, StringComparison.Ordinal);
        Assert.DoesNotContain(token, response, StringComparison.Ordinal);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Theory]
    [InlineData("Content-Length: 9\r\nContent-Length: 10\r\n", "{}")]
    [InlineData("Content-Length: -1\r\n", "{}")]
    [InlineData("Content-Length: 99999999999999999999\r\n", "{}")]
    [InlineData("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\n", "{}")]
    [Trait("Req", "REL-4.6-30")]
    public async Task Broken_framing_is_refused_and_ends_the_connection(string framing, string body)
    {
        var response = await RawHttp.CallAsync(
            host.Address, $"POST /activities/complete HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{framing}\r\n{body}");

        Assert.Matches("^HTTP/1.1 (400|413|411|501) ", response);
        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-30")]
    public async Task A_body_shorter_than_its_length_is_refused_once_it_has_ended()
    {
        var workflowId = await host.StartAsync();
        var body = Completed(await host.TokenAsync(workflowId));
        var before = await host.SnapshotAsync(workflowId);
        using var caller = await RawHttp.ConnectAsync(host.Address);

        await caller.SendAsync($"POST /activities/complete HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length + 1}\r\n\r\n{body}");
        caller.EndSending();
        var response = await caller.ReadToEndAsync();

        Assert.True(response.Length == 0 || response.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), response);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-29")]
    [Trait("Req", "REL-4.6-30")]
    public async Task A_body_without_end_is_cut_off_at_the_limit()
    {
        using var caller = await RawHttp.ConnectAsync(host.Address);
        await caller.SendAsync("POST /activities/complete HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");

        var chunk = Encoding.Latin1.GetBytes("4000\r\n" + new string(' ', 0x4000) + "\r\n");
        await caller.SendEndlesslyAsync(chunk, atMost: 256 * 1024 * 1024);

        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-29")]
    public async Task A_chunked_body_above_the_limit_is_too_large_by_its_bytes()
    {
        var body = new string(' ', WireLimits.BodyBytes + 1);

        var response = await RawHttp.CallAsync(
            host.Address, $"POST /activities/complete HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", response, StringComparison.Ordinal);
        Assert.Contains("\"disposition\":\"too_large\"", response, StringComparison.Ordinal);
        Assert.Contains("262144", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Odd: a\rb\r\n", 1)]
    [InlineData("X-Odd: a\0b\r\n", 1)]
    [InlineData("X-Odd : a\r\n", 1)]
    [InlineData("X-Many: 1\r\n", 500)]
    [InlineData("X-Long: 0123456789012345678901234567890123456789012345678901234567890123\r\n", 99)]
    [Trait("Req", "REL-4.6-52")]
    public async Task Odd_or_endless_headers_are_refused_by_the_server_or_do_no_harm(string header, int count)
    {
        var workflowId = await host.StartAsync();
        var before = await host.SnapshotAsync(workflowId);
        var headers = count == 99 ? $"X-Long: {new string('x', 64 * 1024)}\r\n" : string.Concat(Enumerable.Repeat(header, count));

        var response = await RawHttp.CallAsync(host.Address, Request(Completed("none"), headers: headers));

        Assert.Matches("^HTTP/1.1 (400|431) ", response);
        Assert.Equal(before, await host.SnapshotAsync(workflowId));
        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "P4")]
    public async Task A_refusal_is_a_receipt_and_a_problem_in_one_and_tells_caches_and_browsers_off()
    {
        var response = await RawHttp.CallAsync(host.Address, Request("""{"taskToken":"sf1.k1.AQID.BAUG","result":1}"""));

        Assert.StartsWith("HTTP/1.1 401 ", response, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer error=\"invalid_token\"", response, StringComparison.Ordinal);
        Assert.Contains("Cache-Control: no-store", response, StringComparison.Ordinal);
        Assert.Contains("X-Content-Type-Options: nosniff", response, StringComparison.Ordinal);
        Assert.EndsWith(
            """{"disposition":"invalid_token","detail":"The token was not signed by this deployment","cancelRequested":false,"code":"invalid_token","type":"about:blank","title":"Unauthorized","status":401}""",
            response, StringComparison.Ordinal);
    }

    private static string Completed(string token) => $$"""{"kind":"completed","taskToken":"{{token}}","result":1}""";

    private static string Request(string body, string headers = "", string method = "POST", string path = "/activities/complete") =>
        $"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {body.Length}\r\n{headers}\r\n{body}";
}
