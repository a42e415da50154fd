namespace SagaFlow.Faults.Kinds;

/// <summary>Faults of an engine's process.</summary>
internal static class EngineFaults
{
    private const double LongestWay = 40;

    // With how many passings there may be before the one that kills: a place that is passed seldom is hit sooner.
    private static readonly (string Point, int Most)[] Points =
    [
        ("Received", 20), ("Decided", 15), ("CommitSent", 15), ("Committed", 15), ("Dispatching", 10), ("Published", 15), ("Confirmed", 8),
        ("Arming", 2), ("DueClaimed", 1), ("Rung", 1),
    ];

    // Shared out, so that something happens to each engine while something happens to the other.
    public static IEnumerable<FaultKind> All =>
    [
        new("engine killed", Lane.FirstEngine, (fleet, _) => KillAsync(fleet.Engines[0])),
        .. Points.Select((x, i) => DeathAt(x.Point, x.Most, i % 2)),
        new("both engines killed", Lane.SecondEngine, (fleet, _) => KillBothAsync(fleet)) { Also = [Lane.FirstEngine] },
        new("engine frozen", Lane.FirstEngine, (fleet, random) => FreezeAsync(fleet.Engines[0], random)),
        new("engine stopped", Lane.FirstEngine, (fleet, _) => StopAsync(fleet.Engines[0])),
        new("engine's alarm clock wiped", Lane.FirstEngine, (fleet, _) => WipeAsync(fleet.Engines[0])),
        new("engine's clock an hour ahead", Lane.SecondEngine, (fleet, _) => JumpAsync(fleet, TimeSpan.FromHours(1))),
        new("engine's clock an hour behind", Lane.SecondEngine, (fleet, _) => JumpAsync(fleet, TimeSpan.FromHours(-1))),
    ];

    private static FaultKind DeathAt(string point, int most, int engine) => new(
        $"engine killed at {point}", engine == 0 ? Lane.FirstEngine : Lane.SecondEngine, (fleet, random) => DieAtAsync(fleet.Engines[engine], random, point, most));

    private static async Task<string?> KillAsync(Part engine)
    {
        await engine.ReadyAsync();
        return await engine.KillAsync() ? $"{engine.Name} ended with 137" : null;
    }

    [Trait("Req", "D12")]
    [Trait("Req", "P11")]
    private static async Task<string?> KillBothAsync(Deployment fleet)
    {
        await fleet.Engines[1].ReadyAsync();
        var died = await Task.WhenAll(fleet.Engines.Select(x => x.KillAsync()));
        return died.All(x => x) ? "both ended with 137" : null;
    }

    [Trait("Req", "REL-C1")]
    [Trait("Req", "REL-C2")]
    [Trait("Req", "REL-C3")]
    [Trait("Req", "REL-C4")]
    [Trait("Req", "REL-C5")]
    [Trait("Req", "REL-C6")]
    [Trait("Req", "REL-C7")]
    [Trait("Req", "REL-C8")]
    [Trait("Req", "REL-C9")]
    [Trait("Req", "REL-C11")]
    private static async Task<string?> DieAtAsync(Part engine, Random random, string point, int most)
    {
        await engine.ReadyAsync();
        return await engine.DieAtAsync(point, random.Next(1, most + 1), LongestWay) is { } hit ? $"{engine.Name}: {hit}" : null;
    }

    // Longer than a lease of the outbox's sweep and a ring: what it held has gone to the other engine when it wakes up.
    [Trait("Req", "REL-C14")]
    private static async Task<string?> FreezeAsync(Part engine, Random random)
    {
        await engine.ReadyAsync();
        await engine.SignalAsync("STOP");
        var stat = await File.ReadAllTextAsync($"/proc/{engine.Pid}/stat");
        await Task.Delay(TimeSpan.FromSeconds(random.Next(6, 18)));
        await engine.SignalAsync("CONT");
        return stat.Contains(") T ", StringComparison.Ordinal) ? $"{engine.Name} was in state T" : null;
    }

    private static async Task<string?> StopAsync(Part engine)
    {
        await engine.ReadyAsync();
        engine.IsAskedToStop = true;
        try
        {
            var exit = engine.NextExit;
            await engine.SignalAsync("TERM");
            return await engine.ExitWithinAsync(exit, 30) is 0 ? $"{engine.Name} ended with 0" : null;
        }
        finally
        {
            engine.IsAskedToStop = false;
        }
    }

    [Trait("Req", "REL-K7")]
    private static async Task<string?> WipeAsync(Part engine)
    {
        const string rebuilt = "The alarm clock had stopped";
        await engine.ReadyAsync();
        var before = engine.CountInLog(rebuilt);
        if (await engine.DoAtAsync("Swept", LongestWay) is null)
        {
            return null;
        }

        var noticed = await Patience.HoldsWithinAsync(() => Task.FromResult(engine.CountInLog(rebuilt) > before), 20);
        return noticed ? $"{engine.Name} rebuilt it" : null;
    }

    [Trait("Req", "REL-K2")]
    private static async Task<string?> JumpAsync(Deployment fleet, TimeSpan by)
    {
        var engine = fleet.Engines[1];
        await engine.ReadyAsync();
        fleet.Clock.Jump(by);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(4));
            return await fleet.Clock.OffsetOfAsync(engine.Pid) is { } offset && Math.Abs((offset - by).TotalSeconds) < 5
                ? $"{engine.Name}'s clock was off by {offset.TotalSeconds:0} s"
                : null;
        }
        finally
        {
            fleet.Clock.Jump(TimeSpan.Zero);
        }
    }
}
