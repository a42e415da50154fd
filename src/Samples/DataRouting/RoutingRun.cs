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
    private const int Interrupted = 130;

    /// <summary>Serves as a part of the system until it is stopped.</summary>
    public static async Task<int> ServeAsync(RoutingOptions options)
    {
        using var state = StateFiles.For(options.Database, options.Postgres);
        await using var system = await StartAsync(options, state);
        await Console.Error.WriteLineAsync($"{options.Role} is ready");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, system.Stopping).ContinueWith(_ => { }, TaskScheduler.Default);
        return 0;
    }

    /// <returns>0 when every packet is final, 130 when the user stopped the run before.</returns>
    public static async Task<int> RunAsync(RoutingOptions options, IReadOnlyList<PacketLine> packets)
    {
        var watch = Stopwatch.StartNew();
        using var state = StateFiles.For(options.Database, options.Postgres);
        await using var system = await StartAsync(options, state);
        var progress = new Progress(packets.Count);
        var packetRoutes = new PacketRoutes(system.Workflows);

        var summary = new Summary();
        try
        {
            // All before the first is printed, so that a packet that contradicts the database is said at once.
            var started = await packetRoutes.StartAsync(packets, system.Stopping);
            await foreach (var ended in Task.WhenEach(started.Select(x => packetRoutes.AwaitEndAsync(x, system.Stopping))))
            {
                Print(await ended, progress, summary);
            }
        }
        catch (OperationCanceledException) when (system.Stopping.IsCancellationRequested)
        {
            progress.Clear();
            await Console.Error.WriteLineAsync($"stopped: {summary.ToText(watch.Elapsed)}");
            return Interrupted;
        }

        progress.Clear();
        await Console.Error.WriteLineAsync(summary.ToText(watch.Elapsed));
        return summary.Packets == packets.Count ? 0 : 1;
    }

    private static Task<RoutingSystem> StartAsync(RoutingOptions options, StateFiles state)
    {
        var chances = new Chances(options.RouteErrorChance, options.AcknowledgementLossChance, options.AcknowledgementLateChance);
        var dice = new Dice(options.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue));
        return RoutingSystem.StartAsync(options, state, chances, dice, new RoutingTimes(options.TimeScale));
    }

    private static void Print(PacketOutcome outcome, Progress progress, Summary summary)
    {
        progress.Clear();
        Console.WriteLine(outcome.ToJson());
        summary.Count(outcome);
        progress.Show(summary.Packets);
    }
}
