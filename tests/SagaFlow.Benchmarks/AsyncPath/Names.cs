namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>The names of a deployment on the broker, as <c>wire/README.md</c> lays them down.</summary>
internal sealed record Names(string Prefix)
{
    /// <summary>The workflow's type.</summary>
    public const string WorkflowType = "measured";

    /// <summary>The deployment of the engine that is measured, and of its database schema.</summary>
    public const string SagaFlow = "sagaflow";

    /// <summary>The deployment of the engine that is written by hand.</summary>
    public const string Floor = "floor";

    /// <summary>Where workers hand tokens to the completer.</summary>
    public const string Completer = "measured-completer";

    public string Control => $"{Prefix}.control";

    public string Answers => $"{Prefix}.answers";

    public string Tasks => $"{Prefix}.tasks.default";
}
