using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SagaFlow.Faults.Kinds;

namespace SagaFlow.Faults;

/// <summary>Injects every kind as often as it is asked to, each time with proof, in an order that the seed picks.</summary>
internal sealed class Nemesis(Deployment fleet, RunOptions options)
{
    // For so long one injection is tried whose proof is missing: a place is not passed, and no message taken, while the broker is away.
    private static readonly TimeSpan LongestTrying = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Lane, SemaphoreSlim> _free = Enum.GetValues<Lane>().ToDictionary(x => x, _ => new SemaphoreSlim(1, 1));
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>What was done, in its order.</summary>
    public ConcurrentQueue<Injection> Injections { get; } = new();

    public IReadOnlyList<FaultKind> Kinds { get; } =
        [.. FaultKind.All.Where(x => options.Only is not { } only || x.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];

    public Task RunAsync() => Task.WhenAll(Enum.GetValues<Lane>().Select(lane => Task.Run(() => RunAsync(lane))));

    private async Task RunAsync(Lane lane)
    {
        var random = new Random((options.Seed * 31) + (int)lane);
        var plan = Kinds.Where(x => x.Lane == lane).SelectMany(x => Enumerable.Repeat(x, options.Each)).ToArray();
        random.Shuffle(plan);
        foreach (var kind in plan)
        {
            var end = _watch.Elapsed + LongestTrying;
            while (!await InjectAloneAsync(kind, random) && _watch.Elapsed < end)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }

            // Between two faults something must be able to happen that the next one can break.
            await Task.Delay(TimeSpan.FromSeconds(0.5 + (random.NextDouble() * 2)));
        }
    }

    // Two faults that touch the same thing exclude each other: one would mend what the other has broken, or stop what it waits for.
    private async Task<bool> InjectAloneAsync(FaultKind kind, Random random)
    {
        // In the same order by all, so that no two wait for each other.
        var claimed = kind.Touches.Select(x => _free[x]).ToList();
        foreach (var lane in claimed)
        {
            await lane.WaitAsync();
        }

        try
        {
            return await InjectAsync(kind, random);
        }
        finally
        {
            claimed.ForEach(x => x.Release());
        }
    }

    private async Task<bool> InjectAsync(FaultKind kind, Random random)
    {
        var began = _watch.Elapsed;
        string? proof = null;
        string? trouble = null;
        try
        {
            proof = await kind.InjectAsync(fleet, random).WaitAsync(TimeSpan.FromMinutes(3));
        }
        catch (Exception exception)
        {
            trouble = $"{exception.GetType().Name}: {exception.Message}";
        }

        var injection = new Injection(kind.Name, began.TotalSeconds, _watch.Elapsed.TotalSeconds, proof, trouble);
        Injections.Enqueue(injection);
        Console.WriteLine(injection.ToText());
        return proof is not null;
    }
}

/// <summary>One fault.</summary>
/// <param name="Kind">Which.</param>
/// <param name="From">Seconds into the run.</param>
/// <param name="Until">Seconds into the run.</param>
/// <param name="Proof">What proves that it happened; null when nothing does, and it does not count.</param>
/// <param name="Trouble">What kept it from happening.</param>
internal sealed record Injection(string Kind, double From, double Until, string? Proof, string? Trouble)
{
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{From,6:0.0} to {Until,6:0.0} s: {Kind}: {Proof ?? Trouble ?? "nothing proves it"}");
}
