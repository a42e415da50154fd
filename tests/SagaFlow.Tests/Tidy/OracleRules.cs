using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Tidy;

/// <summary>The simulator's oracle judges the engine, so it may share no code with it.</summary>
internal static partial class OracleRules
{
    public const string Folder = "tests/SagaFlow.Simulation/Oracle";

    /// <summary>Finds mentions of the engine's own types. Words of the wire, such as a disposition, belong to everybody.</summary>
    public static IEnumerable<string> SharedCode(IEnumerable<SourceFile> files) =>
        from file in files.Where(x => x.IsCode && x.IsUnder(Folder))
        from Match mention in EngineCode().Matches(file.Code)
        select $"{file.At(mention.Index)}: '{mention.Value}' is the engine's; the oracle must know the rule by itself";

    [GeneratedRegex(@"\bSagaFlow\.(?:Activities|Joins|Workflows|Storage|Timeouts|Ingress|Hosting|Tokens|Simulation\.Worlds|Simulation\.Pipe)\b"
        + @"|\b(?:ActivityLifecycle|LateAnswers|LateResult|RetryDecision|BlackoutGrace|HeartbeatAnswers|ActivityPolicy|ActivityState)\b"
        + @"|\b(?:Backoff|Deadlines)\s*\.\s*\w")]
    private static partial Regex EngineCode();
}
