using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Workload;

/// <summary>Texts and failures that answers are made of: one instance each, so that a million answers cost no memory.</summary>
internal static class Answers
{
    public const string ListedType = "Listed";

    private static readonly string[] Hashes = Numbered("hash-", 512);
    private static readonly string[] Results = Numbered("", 512);
    private static readonly string[] Checkpoints = Numbered("", 64);
    private static readonly string[] Ids = Numbered("Work-", 4096);

    /// <summary>Failures of every kind: an ordinary one, a final one, one that the policy may list, and ones that choose the next delay.</summary>
    public static IReadOnlyList<ActivityFailure> Failures { get; } =
    [
        new("Ordinary", "it did not work"),
        ActivityFailure.NonRetryable("Final", "it never will"),
        new(ListedType, "the policy may list it"),
        new("Delayed", "a while", NextRetryDelay: TimeSpan.FromSeconds(3)),
        new("Delayed", "at once", NextRetryDelay: TimeSpan.Zero),
        new("Delayed", "for ever", NextRetryDelay: TimeSpan.FromDays(4000)),
        new("Delayed", "in the past", NextRetryDelay: TimeSpan.FromDays(-1)),
    ];

    public static string Hash(int content) => Hashes[content % Hashes.Length];

    public static string Result(int content) => Results[content % Results.Length];

    public static string Checkpoint(int content) => Checkpoints[content % Checkpoints.Length];

    /// <summary>The id of a workflow's n-th activity, from 0.</summary>
    public static string ActivityId(int index) => index < Ids.Length ? Ids[index] : $"Work-{index}";

    private static string[] Numbered(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];
}
