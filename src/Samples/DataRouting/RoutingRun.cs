using System.Diagnostics;
using System.Security.Cryptography;
using DataRouting.CommandLine;
using DataRouting.Output;
using DataRouting.Packets;
using DataRouting.Routing;

namespace DataRouting;

/// <summary>One run: start a workflow for each packet, await each end, print it.</summary>
public static class RoutingRun
{
    /// <returns>0 when every packet is final.</returns>
    public static async Task<int> RunAsync(RoutingOptions options, IReadOnlyList<PacketLine> packets)
    {
        var chances = new Chances(options.RouteErrorChance, options.AcknowledgementLossChance, options.AcknowledgementLateChance);
        var dice = new Dice(options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        var watch = Stopwatch.StartNew();
        using var state = StateFiles.For(options.Database);
        await using var system = await RoutingSystem.StartAsync(state, chances, dice, new RoutingTimes(options.TimeScale));
        var progress = new Progress(packets.Count);
        var packetRoutes = new PacketRoutes(system.Workflows);

        // Outside of the batch below, so that a packet that contradicts the database is said before anything is printed.
        var started = await packetRoutes.StartAsync(packets);
        var summary = new Summary();
        await foreach (var ended in Task.WhenEach(started.Select(packetRoutes.AwaitEndAsync)))
        {
            var outcome = await ended;
            progress.Clear();
            Console.WriteLine(outcome.ToJson());
            summary.Count(outcome);
            progress.Show(summary.Packets);
        }

        progress.Clear();
        Console.Error.WriteLine(summary.ToText(watch.Elapsed));
        return summary.Packets == packets.Count ? 0 : 1;
    }
}
