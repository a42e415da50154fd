using System.Diagnostics;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Commands;

/// <summary>Runs worlds of a level, seed after seed, until enough workflows were seen or a rule is broken.</summary>
internal sealed class SeedRun(Stage stage, ulong firstSeed, long workflows, int workers)
{
    private readonly Lock _lock = new();
    private long _next = -1;
    private WorldPlan? _broken;

    public Tally Tally { get; } = new();

    /// <summary>The first world in which a rule was broken; <see langword="null"/> for none.</summary>
    public WorldPlan? Broken => _broken;

    public TimeSpan Took { get; private set; }

    /// <summary>How many worlds this run is made of.</summary>
    public long Worlds { get; } = (workflows + stage.Size - 1) / stage.Size;

    public void Run()
    {
        var began = Stopwatch.GetTimestamp();
        if (workers == 1)
        {
            Work();
        }
        else
        {
            var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Work)).ToList();
            threads.ForEach(x => x.Start());
            threads.ForEach(x => x.Join());
        }

        Took = Stopwatch.GetElapsedTime(began);
    }

    private void Work()
    {
        var tally = new Tally();
        var heap = new EventHeap();
        while (_broken is null && Interlocked.Increment(ref _next) is var index && index < Worlds)
        {
            var plan = new WorldPlan(firstSeed + (ulong)index) { Workflows = stage.Size };
            if (stage.Play(plan, tally, heap).Broken is not null)
            {
                Interlocked.CompareExchange(ref _broken, plan, null);
            }
        }

        lock (_lock)
        {
            Tally.Add(tally);
        }
    }
}
