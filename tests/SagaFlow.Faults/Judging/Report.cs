using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SagaFlow.Faults.Judging;

/// <summary>What a run has shown.</summary>
internal sealed record Report
{
    private const int MostShown = 10;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What was run: the newest commit's subject, and Git's name for what is in <c>src</c>, which a later commit may share.</summary>
    public required string Tree { get; init; }

    /// <summary>Where.</summary>
    public required string Machine { get; init; }

    public required int Each { get; init; }
    public required int Seed { get; init; }
    public required int Workflows { get; init; }
    public required double Seconds { get; init; }
    public required int StartsRepeated { get; init; }
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }
    public required IReadOnlyDictionary<string, int> Acknowledgements { get; init; }
    public required IReadOnlyDictionary<string, int> Proofs { get; init; }
    public required IReadOnlyList<Rule> Rules { get; init; }

    /// <summary>How many kinds fired as often as they should, and how many rules hold.</summary>
    public int Passed => Proofs.Count(x => x.Value >= Each) + Rules.Count(x => x.Holds);

    public int Failed => Proofs.Count + Rules.Count - Passed;

    public void Write(FileInfo file)
    {
        File.WriteAllText(file.FullName, JsonSerializer.Serialize(this, Json) + "\n");
        File.WriteAllText(Path.ChangeExtension(file.FullName, ".md"), ToMarkdown());
    }

    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var (kind, proofs) in Proofs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(proofs >= Each ? "ok    " : "FAILED")} {kind}: {proofs} of {Each}");
        }

        foreach (var rule in Rules)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(rule.Holds ? "ok    " : "FAILED")} {rule.Name}{(rule.Holds ? "" : $": {rule.Violations.Count} violations")}");
            foreach (var violation in rule.Violations.Take(MostShown))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"         {violation}");
            }
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"{Workflows} workflows ({Describe(Outcomes)}), acknowledgements: {Describe(Acknowledgements)}; {StartsRepeated} starts repeated; {Seconds:0} s, seed {Seed}");
        return text.ToString();
    }

    private string ToMarkdown()
    {
        var text = new StringBuilder();
        text.AppendLine("# A run of the fault runner\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"`tests/run --faults {Each}`: {Workflows} workflows in {Seconds / 60:0.0} minutes, seed {Seed}; {Passed} passed, {Failed} failed.\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"- The tree: {Tree}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- The machine: {Machine}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Outcomes: {Describe(Outcomes)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Acknowledgements of the foreign service: {Describe(Acknowledgements)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"- Starts that were repeated because their receipt was lost: {StartsRepeated}\n");
        text.AppendLine("| Fault | Fired with proof |\n| --- | ---: |");
        foreach (var (kind, proofs) in Proofs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {kind} | {proofs} |");
        }

        text.AppendLine("\n| What must hold | Violations |\n| --- | ---: |");
        foreach (var rule in Rules)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {rule.Name} | {rule.Violations.Count} |");
        }

        foreach (var rule in Rules.Where(x => !x.Holds))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\n{rule.Name}:\n");
            text.AppendJoin('\n', rule.Violations.Take(MostShown).Select(x => $"- `{x}`")).AppendLine();
        }

        return text.ToString();
    }

    private static string Describe(IReadOnlyDictionary<string, int> counts) => string.Join(", ", counts.Select(x => $"{x.Value} {x.Key}"));
}
