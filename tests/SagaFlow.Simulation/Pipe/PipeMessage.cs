using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Pipe;

/// <summary>A message on its way to the engine or to a worker.</summary>
/// <param name="Program">Of which workflow.</param>
/// <param name="Name">What it is, for the trace.</param>
/// <param name="RunAsync">Delivers it to an engine; <see langword="null"/> for a request, which goes to a worker.</param>
internal sealed record PipeMessage(Program Program, string Name, Func<PipeEngine, Task<Receipt?>>? RunAsync)
{
    public PipeCause Cause { get; init; } = new();

    /// <summary>The start's or signal's number, told apart by <see cref="Told"/>.</summary>
    public ToldKind Told { get; init; }

    /// <summary>What it must be refused with, because it is no proper answer; <see langword="null"/> for a proper one.</summary>
    public Disposition? Refusal { get; init; }

    /// <summary>The body of one that must be refused.</summary>
    public string? Body { get; init; }

    /// <summary>The inbox row that tells a repeat, where the activity's row cannot; <see langword="null"/> where it can.</summary>
    public string? Once { get; init; }

    public ActivityRequest? Request { get; init; }

    /// <summary>The life of the process in which it was sent: the bus in memory forgets with it.</summary>
    public int Life { get; init; }

    public bool IsClients => Told is ToldKind.Start or ToldKind.Signal or ToldKind.Cancel;
}

/// <summary>Who gets the receipt.</summary>
internal enum ToldKind
{
    Nobody,
    Answer,
    Start,
    Signal,
    Cancel,
}
