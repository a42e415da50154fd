namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>What the command <c>async</c> is told.</summary>
internal sealed record AsyncOptions
{
    /// <summary>Gets the numbers of workflows outstanding at once.</summary>
    public required int[] Windows { get; init; }

    /// <summary>Gets how long each window is measured.</summary>
    public required TimeSpan Span { get; init; }

    /// <summary>Gets how long each process works before anything is measured; a window then settles for a fifth of it.</summary>
    public required TimeSpan Warm { get; init; }

    public required int Runs { get; init; }

    /// <summary>Gets the variants, in the order in which they take turns.</summary>
    public required string[] Variants { get; init; }

    /// <summary>Gets a file for the figures as JSON.</summary>
    public string? Json { get; init; }
}
