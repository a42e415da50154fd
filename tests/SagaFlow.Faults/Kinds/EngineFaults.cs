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

    public static IEnumerable<FaultKind> All =>
    [
        new("engine killed", Lane.Engines, KillAsync),
        .. Points.Select(x => new FaultKind($"engine killed at {x.Point}", Lane.Engines, (fleet, random) => DieAtAsync(fleet, random, x.Point, x.Most))),
        new("both engines killed", Lane.Engines, KillBothAsync),
        new("engine frozen", Lane.Engines, FreezeAsync),
        new("engine stopped", Lane.Engines, StopAsync),
        new("engine's alarm clock wiped", Lane.Engines, WipeAsync),
        new("engine's clock an hour ahead", Lane.Engines, (fleet, _) => JumpAsync(fleet, TimeSpan.FromHours(1))),
        new("engine's clock an hour behind", Lane.Engines, (fleet, _) => JumpAsync(fleet, TimeSpan.FromHours(-1))),
    ];

    private static async Task<string?> KillAsync(Deployment fleet, Random random)
    {
        var engine = await PickAsync(fleet, random);
        return await engine.KillAsync() ? $"{engine.Name} ended with 137" : null;
    }

    [Trait("Req", "D12")]
    [Trait("Req", "P11")]
    private static async Task<string?> KillBothAsync(Deployment fleet, Random random)
    {
        await PickAsync(fleet, random);
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
    private static async Task<string?> DieAtAsync(Deployment fleet, Random random, string point, int most)
    {
        var engine = await PickAsync(fleet, random);
        return await engine.DieAtAsync(point, random.Next(1, most + 1), LongestWay) is { } hit ? $"{engine.Name}: {hit}" : null;
    }

    // Longer than a lease of the outbox's sweep and a ring: what it held has gone to the other engine when it wakes up.
    [Trait("Req", "REL-C14")]
    private static async Task<string?> FreezeAsync(Deployment fleet, Random random)
    {
        var engine = await PickAsync(fleet, random);
        await engine.SignalAsync("STOP");
        var stat = await File.ReadAllTextAsync($"/proc/{engine.Pid}/stat");
        await Task.Delay(TimeSpan.FromSeconds(random.Next(6, 18)));
        await engine.SignalAsync("CONT");
        return stat.Contains(") T ", StringComparison.Ordinal) ? $"{engine.Name} was in state T" : null;
    }

    private static async Task<string?> StopAsync(Deployment fleet, Random random)
    {
        var engine = await PickAsync(fleet, random);
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
    private static async Task<string?> WipeAsync(Deployment fleet, Random random)
    {
        const string rebuilt = "The alarm clock had stopped";
        var engine = await PickAsync(fleet, random);
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

    // One that runs: an engine that is only starting passes few places.
    private static async Task<Part> PickAsync(Deployment fleet, Random random)
    {
        var engine = fleet.Engines[random.Next(fleet.Engines.Count)];
        await engine.ReadyAsync();
        return engine;
    }
}
