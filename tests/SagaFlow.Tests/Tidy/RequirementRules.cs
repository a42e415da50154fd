using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Tidy;

/// <summary>Keeps tests/REQUIREMENTS.md true: a number in a test means something there, and "done" means that a test says so.</summary>
/// <remarks>
/// "done": it holds, and a test cites it. "part": a test cites it, but it does not hold in full yet. Nothing: no test cites it.
/// </remarks>
internal static partial class RequirementRules
{
    public const string Table = "tests/REQUIREMENTS.md";

    public static IEnumerable<string> UnknownNumbers(IEnumerable<SourceFile> files, SourceFile table)
    {
        var known = Rows(table).Select(x => x.Number).ToHashSet(StringComparer.Ordinal);
        return Citations(files)
            .Where(x => !known.Contains(x.Number))
            .Select(x => $"{x.Where}: cites '{x.Number}', which is no row of {Table}");
    }

    public static IEnumerable<string> RepeatedNumbers(SourceFile table) => Rows(table)
        .GroupBy(x => x.Number)
        .Where(x => x.Count() > 1)
        .Select(x => $"{Table}: {x.Key} has {x.Count()} rows");

    public static IEnumerable<string> UnknownStatuses(SourceFile table) => Rows(table)
        .Where(x => x.Status is not ("" or "part" or "done"))
        .Select(x => $"{Table}: {x.Number} has the status '{x.Status}'; there are done, part and nothing");

    /// <summary>Lists the rows whose status is to be changed, in both directions.</summary>
    public static IEnumerable<string> WrongStatuses(IEnumerable<SourceFile> files, SourceFile table)
    {
        var cited = Citations(files).ToLookup(x => x.Number, x => x.Where);
        foreach (var row in Rows(table))
        {
            if (row.Status.Length > 0 && !cited.Contains(row.Number))
            {
                yield return $"unmark {row.Number}: it is marked {row.Status}, but no test cites it";
            }

            if (row.Status.Length == 0 && cited.Contains(row.Number))
            {
                yield return $"mark {row.Number} as done (it holds) or part (it holds in part): cited by {string.Join(", ", cited[row.Number].Take(3))}";
            }
        }
    }

    /// <summary>Reads rows such as "| T7 | One sentence. | done |".</summary>
    public static IEnumerable<(string Number, string Status)> Rows(SourceFile table) => table.Lines
        .Select(x => Row().Match(x))
        .Where(x => x.Success)
        .Select(x => (x.Groups[1].Value, x.Groups[2].Value));

    private static IEnumerable<(string Number, string Where)> Citations(IEnumerable<SourceFile> files) =>
        from file in files.Where(x => x.IsCode && x.IsUnder("tests"))
        from Match trait in Trait().Matches(file.Text)
        // The same words inside a literal are no citation.
        where file.Code[trait.Index] == 'T'
        select (trait.Groups[1].Value, file.At(trait.Index));

    [GeneratedRegex(@"^\|\s*([A-Z][A-Z0-9.-]*\d)\s*\|.*\|\s*([^|]*?)\s*\|\s*$")]
    private static partial Regex Row();

    [GeneratedRegex(@"Trait\(\s*""Req""\s*,\s*""([^""]*)""\s*\)")]
    private static partial Regex Trait();
}
