namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>What the sample says to input it cannot use: one line on standard error, exit code 2, nothing on standard output.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("cannot be read", "--packets", "/no/such/file.jsonl")]
    [InlineData("--no-such-option", "--no-such-option", "1")]
    [InlineData("'-5' is no chance", "--ack-loss-chance=-5")]
    [InlineData("'101' is no chance", "--route-error-chance", "101")]
    [InlineData("'many' is no chance", "--ack-late-chance", "many")]
    [InlineData("is no time scale", "--time-scale", "0")]
    [InlineData("is no time scale", "--time-scale", "NaN")]
    [InlineData("is no seed", "--seed", "one")]
    [InlineData("does not exist", "--database", "/no/such/folder/routing.db")]
    [InlineData("'boss' is no role", "--role", "boss")]
    [InlineData("give --rabbitmq", "--role", "worker")]
    [InlineData("is no address of a broker", "--rabbitmq", "http://localhost/")]
    public async Task A_wrong_option_is_answered_with_one_line(string expected, params string[] arguments)
    {
        using var process = RoutingProcess.Start(arguments);

        await AssertRefusedAsync(process, expected);
    }

    [Theory]
    [InlineData("Signing key 'test' is missing", "")]
    [InlineData("Signing key 'test' is no base64", "a secret")]
    [Trait("Req", "REL-4.6-67")]
    public async Task A_wrong_token_key_is_told_before_anything_is_asked_of_the_database(string expected, string key)
    {
        using var process = RoutingProcess.Start(null, ["--postgres", "Host=127.0.0.1;Port=1"], key);

        await AssertRefusedAsync(process, expected);
    }

    [Theory]
    [InlineData("packets.jsonl:7: not JSON", """{"id":"p-7","payload":""")]
    [InlineData("packets.jsonl:7: the id 'p-3' was used on line 3", """{"id":"p-3","payload":"x"}""")]
    [InlineData("packets.jsonl:7: the field 'payload' is missing", """{"id":"p-7"}""")]
    [InlineData("packets.jsonl:7: the id must have", """{"id":"","payload":"x"}""")]
    [InlineData("packets.jsonl:7: 'getRouteMaximumAttempts' must be", """{"id":"p-7","payload":"x","getRouteMaximumAttempts":0}""")]
    [InlineData("packets.jsonl:7: a JSON object is expected", "[]")]
    public async Task A_wrong_line_is_named_by_its_number(string expected, string seventh)
    {
        using var folder = new RoutingFolder();
        folder.Write([.. Enumerable.Range(1, 6).Select(i => $$"""{"id":"p-{{i}}","payload":"x"}"""), seventh]);
        using var process = RoutingProcess.Start("--packets", folder.Packets);

        await AssertRefusedAsync(process, expected);
    }

    [Fact]
    public async Task Packets_are_read_from_standard_input()
    {
        using var process = RoutingProcess.Start(
            """{"id":"only","payload":"x"}""",
            ["--packets", "-", "--time-scale", "0.05", "--route-error-chance", "0", "--ack-loss-chance", "0", "--ack-late-chance", "0"]);

        Assert.Equal(0, await process.FinishAsync());
        Assert.Contains("\"id\":\"only\"", Assert.Single(process.Output), StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(RoutingProcess process, string expected)
    {
        var exitCode = await process.FinishAsync();

        var line = Assert.Single(process.Errors);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.Equal(2, exitCode);
        Assert.Empty(process.Output);
    }
}
