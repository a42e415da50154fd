using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>A person completes an activity with what the broker brings along.</summary>
[Collection(BrokerCollection.Name)]
public sealed class ManagementTests
{
    [Fact]
    [Trait("Req", "E13")]
    public async Task The_commands_of_the_page_complete_an_activity_and_show_what_came_of_it()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var id = await engine.StartParcelAsync("P-1");
        var commands = CommandsOfThePage()
            .Replace("exchange=sagaflow.", $"exchange={engine.Prefix}.", StringComparison.Ordinal)
            .Replace("=mine", $"={engine.Prefix}-mine", StringComparison.Ordinal)
            .Replace("\"mine\"", $"\"{engine.Prefix}-mine\"", StringComparison.Ordinal);

        using var shell = RunningProgram.Start(
            new ProcessStartInfo("bash", ["-euc", await AdminAsync() + commands]) { Environment = { ["TASK_TOKEN"] = await stranger.TakeTokenAsync() } });
        var exitCode = await shell.FinishAsync();

        Assert.True(exitCode == 0, string.Join('\n', shell.Errors));
        Assert.Contains(shell.Output, x => x.Contains("applied", StringComparison.Ordinal));
        await engine.ShouldAllCompleteOnceAsync([id]);
        Assert.Equal("P-7", (await engine.Workflows.GetResultAsync<Shipped>(id))!.ParcelId);
    }

    [Fact]
    [Trait("Req", "E13")]
    public async Task The_form_of_the_management_page_completes_an_activity()
    {
        await using var engine = await BrokerHost.StartEngineAsync();
        await using var stranger = await Stranger.ConnectAsync(engine.Prefix);
        var id = await engine.StartParcelAsync("P-1");
        var taskToken = await stranger.TakeTokenAsync();
        using var management = TestBroker.Management();

        // What the form "Publish message" of an exchange sends: no content type.
        using var published = await management.PostAsJsonAsync($"api/exchanges/%2F/{engine.Prefix}.answers/publish", new
        {
            properties = new { delivery_mode = 1, headers = new { } },
            routing_key = "",
            payload = JsonSerializer.Serialize(new { kind = "completed", taskToken, result = new { parcelId = "P-7" } }),
            payload_encoding = "string",
        });

        Assert.Equal("""{"routed":true}""", await published.Content.ReadAsStringAsync());
        await engine.ShouldAllCompleteOnceAsync([id]);
    }

    // The block of the page that has these commands, without those for an example's workflow. What a person would look at again is asked again.
    private static string CommandsOfThePage()
    {
        var page = File.ReadAllText(Path.Combine(WireFolder.Path, "README.md"));
        var start = page.IndexOf("rabbitmqadmin declare", StringComparison.Ordinal);
        var block = page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
        var answer = block[..block.IndexOf("# Start", StringComparison.Ordinal)];
        var look = block[block.IndexOf("rabbitmqadmin get", StringComparison.Ordinal)..].Trim();
        return $"{answer}until {look} | grep applied; do :; done\nrabbitmqadmin delete queue name=mine";
    }

    // The broker hands out the program itself; it takes the place of an installed one.
    private static async Task<string> AdminAsync()
    {
        using var management = TestBroker.Management();
        var program = Path.Combine(Path.GetTempPath(), $"rabbitmqadmin-{Environment.ProcessId}");
        await File.WriteAllTextAsync(program, await management.GetStringAsync("cli/rabbitmqadmin"));
        var address = management.BaseAddress!;
        return $$"""
            trap 'rm -f {{program}}' EXIT
            rabbitmqadmin() { python3 {{program}} --host {{address.Host}} --port {{address.Port}} "$@"; }

            """;
    }
}
