namespace SagaFlow.Faults.Judging;

/// <summary>Something that must hold when everything is whole again.</summary>
/// <param name="Name">What must hold.</param>
/// <param name="Violations">Where it does not; empty when it holds.</param>
internal sealed record Rule(string Name, IReadOnlyList<string> Violations)
{
    public bool Holds => Violations.Count == 0;

    public static Rule Of(string name, IEnumerable<string> violations) => new(name, [.. violations]);

    public static Rule Of(string name, bool holds, string violation) => new(name, holds ? [] : [violation]);
}
