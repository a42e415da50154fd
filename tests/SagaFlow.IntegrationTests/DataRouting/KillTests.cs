using System.Text.Json;
using System.Text.RegularExpressions;
using SagaFlow.IntegrationTests.Postgres;
using Xunit.Abstractions;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>The promise on a real process: killed again and again while work is open, and nothing is lost or done twice.</summary>
public sealed class KillTests(ITestOutputHelper log)
{
    private const int PacketCount = 200;
    private const int Kills = 12;
    private const int KillsAmongEnds = 4;

    private static readonly Regex ProviderFailed = new(@"Transmit of packet (\S+) failed for route provider (\w+):");

    [Fact]
    [Trait("Req", "D12")]
    [Trait("Req", "REL-D14")]
    public async Task Two_hundred_packets_survive_twelve_kills_and_each_ends_once()
    {
        using var folder = new RoutingFolder();
        await SurviveAsync(folder);
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task Two_hundred_packets_whose_workflows_are_in_PostgreSQL_survive_them_too()
    {
        using var folder = new RoutingFolder();
        await using var database = await PostgresServer.CreateDatabaseAsync();
        await SurviveAsync(folder, "--postgres", database.ConnectionString);
    }

    [Fact]
    [Trait("Req", "D12")]
    public async Task A_run_on_a_finished_database_prints_every_packet_again_unchanged()
    {
        using var folder = new RoutingFolder();
        folder.WritePackets(10);
        string[] arguments = ["--packets", folder.Packets, "--database", folder.Database, "--time-scale", "0.01", "--seed", "1"];
        using var first = RoutingProcess.Start(arguments);
        Assert.Equal(0, await first.FinishAsync());

        using var second = RoutingProcess.Start(arguments);
        Assert.Equal(0, await second.FinishAsync());

        Assert.Equal(first.Output.Order(StringComparer.Ordinal), second.Output.Order(StringComparer.Ordinal));
    }

    private async Task SurviveAsync(RoutingFolder folder, params string[] state)
    {
        folder.WritePackets(PacketCount);
        string[] arguments = ["--packets", folder.Packets, "--database", folder.Database, "--time-scale", "0.3", "--seed", "4711", .. state];
        var printed = new Dictionary<string, string>();
        var providersNoted = new HashSet<string>();

        var kills = await KillRepeatedlyAsync(folder, arguments, printed, providersNoted);
        Assert.True(printed.Count > 0, "No packet was final before the last run: nothing shows that it is printed unchanged");
        using var last = RoutingProcess.Start(arguments);
        var exitCode = await last.FinishAsync();

        Assert.Equal(0, exitCode);
        Assert.True(kills >= 10, $"Only {kills} kills hit open work");
        Note(last.Output, printed);
        NoteProviders(last.Errors, providersNoted);
        AssertEachEndedOnce(last.Output);
        AssertDeliveredOnce(last.Output, folder.ReadJournal());
        AssertEachFailedProviderWasPublished(last.Output, providersNoted);
        var absorbed = CountAbsorbed(folder.ReadJournal());
        log.WriteLine($"{kills} kills, {absorbed} redeliveries absorbed");
        Assert.True(absorbed > 0, "No redelivery had to be absorbed: the kills hit nothing");
    }

    // Killed while work is open, at another point of it each time: in the burst of submissions after a start, and later, when
    // some packets have ended and others wait for an acknowledgement, a retry or a timeout.
    private static async Task<int> KillRepeatedlyAsync(RoutingFolder folder, string[] arguments, Dictionary<string, string> printed, HashSet<string> providersNoted)
    {
        var kills = 0;
        for (var run = 0; run < Kills; run++)
        {
            var before = folder.JournalLength;
            var inTheBurst = run < Kills - KillsAmongEnds;
            var growth = 2_000 + (run % 4 * 3_000);
            var ended = printed.Count + 5;
            using var process = RoutingProcess.Start(arguments);
            await process.WaitUntilAsync(() => inTheBurst ? folder.JournalLength > before + growth : process.Output.Count >= ended);
            if (process.HasExited)
            {
                break;
            }

            await process.KillAsync();
            Note(process.Output, printed);
            NoteProviders(process.Errors, providersNoted);
            kills += process.Output.Count < PacketCount ? 1 : 0;
        }

        return kills;
    }

    // A packet that was final in an earlier run must be printed again exactly as it was.
    private static void Note(IReadOnlyList<string> output, Dictionary<string, string> printed)
    {
        foreach (var line in output.Where(IsWhole))
        {
            var id = JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!;
            Assert.Equal(printed.GetValueOrDefault(id, line), line);
            printed[id] = line;
        }
    }

    // The author's own messages: each provider that failed is published once or more, whatever was killed in between.
    private static void NoteProviders(IReadOnlyList<string> errors, HashSet<string> noted) =>
        noted.UnionWith(errors.Select(x => ProviderFailed.Match(x)).Where(x => x.Success).Select(x => $"{x.Groups[1].Value} {x.Groups[2].Value}"));

    private static void AssertEachFailedProviderWasPublished(IReadOnlyList<string> output, HashSet<string> noted)
    {
        var failed = output
            .Select(x => JsonDocument.Parse(x).RootElement)
            .Where(x => x.GetProperty("status").GetString() != "failed")
            .SelectMany(x => x.GetProperty("failedProviders").EnumerateArray().Select(p => $"{x.GetProperty("id").GetString()} {p.GetString()}"))
            .ToHashSet();
        Assert.NotEmpty(failed);
        Assert.Empty(failed.Except(noted));
    }

    private static bool IsWhole(string line) => line.EndsWith('}');

    private static void AssertEachEndedOnce(IReadOnlyList<string> output)
    {
        var outcomes = output.Select(x => JsonDocument.Parse(x).RootElement).ToList();
        Assert.Equal(PacketCount, outcomes.Count);
        Assert.Equal(PacketCount, outcomes.Select(x => x.GetProperty("id").GetString()).Distinct().Count());
        Assert.All(outcomes, outcome => OutcomeRules.Check(outcome));
    }

    // The foreign side's view: an acknowledgement that changed a workflow belongs to a delivered packet, one to each.
    private static void AssertDeliveredOnce(IReadOnlyList<string> output, IReadOnlyList<JsonElement> journal)
    {
        var packetOf = journal
            .Where(x => x.GetProperty("What").GetString() == "accepted")
            .ToDictionary(x => x.GetProperty("TaskToken").GetString()!, x => x.GetProperty("Pending").GetProperty("PacketId").GetString()!);
        var applied = journal
            .Where(x => x.GetProperty("Disposition").GetString() is "applied")
            .Select(x => packetOf[x.GetProperty("TaskToken").GetString()!])
            .ToList();
        var taken = journal
            .Where(x => x.GetProperty("Disposition").GetString() is "applied" or "duplicate")
            .Select(x => packetOf[x.GetProperty("TaskToken").GetString()!])
            .ToHashSet();
        var delivered = output
            .Select(x => JsonDocument.Parse(x).RootElement)
            .Where(x => x.GetProperty("status").GetString() == "delivered")
            .Select(x => x.GetProperty("id").GetString()!)
            .ToHashSet();

        Assert.Equal(applied.Count, applied.Distinct().Count());
        Assert.True(taken.SetEquals(delivered), $"{taken.Count} packets were acknowledged, {delivered.Count} are delivered");
    }

    private static int CountAbsorbed(IReadOnlyList<JsonElement> journal) =>
        journal.Count(x => x.GetProperty("What").GetString() == "repeated" || x.GetProperty("Disposition").GetString() is "duplicate");
}
