using SagaFlow.Contracts;
using SagaFlow.Simulation.Oracle;

namespace SagaFlow.Simulation.Counting;

/// <summary>What a run has met. A run that never met a fault or an outcome proves nothing about it, and fails.</summary>
internal sealed class Tally
{
    public long Worlds { get; set; }
    public long Workflows { get; set; }
    public long Completed { get; set; }
    public long Events { get; set; }
    public long Commits { get; set; }

    /// <summary>Results that were told <c>duplicate</c>, and all results.</summary>
    public long RepeatedResults { get; set; }
    public long AllResults { get; set; }

    /// <summary>Commits whose activity saw another message within the millisecond before.</summary>
    public long Races { get; set; }

    public long[] Faults { get; init; } = new long[Enum.GetValues<Fault>().Length];
    public long[] Dispositions { get; init; } = new long[Enum.GetValues<Disposition>().Length];
    public long[] Closings { get; init; } = new long[Enum.GetValues<Closing>().Length];
    public long[] Endings { get; init; } = new long[Enum.GetValues<WorkflowStanding>().Length];
    public long[] Timeouts { get; init; } = new long[Enum.GetValues<DueKind>().Length];

    public void Count(Fault fault) => Faults[(int)fault]++;

    public void Count(Disposition told) => Dispositions[(int)told]++;

    /// <summary>Adds another tally.</summary>
    public void Add(Tally other)
    {
        Worlds += other.Worlds;
        Workflows += other.Workflows;
        Completed += other.Completed;
        Events += other.Events;
        Commits += other.Commits;
        RepeatedResults += other.RepeatedResults;
        AllResults += other.AllResults;
        Races += other.Races;
        Add(Faults, other.Faults);
        Add(Dispositions, other.Dispositions);
        Add(Closings, other.Closings);
        Add(Endings, other.Endings);
        Add(Timeouts, other.Timeouts);
    }

    /// <summary>Adds what the oracle of a world has counted.</summary>
    public void Add(Judge oracle)
    {
        Worlds++;
        Add(Closings, oracle.Closings);
        Add(Timeouts, oracle.Timeouts);
    }

    private static void Add(long[] to, long[] from)
    {
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }
}
