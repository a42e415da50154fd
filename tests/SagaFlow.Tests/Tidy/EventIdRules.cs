using System.Globalization;
using System.Text.RegularExpressions;

namespace SagaFlow.Tests.Tidy;

/// <summary>Log event ids: one meaning each across all projects, in bands that the file of a project declares.</summary>
internal static partial class EventIdRules
{
    public static IEnumerable<string> RepeatedIds(IEnumerable<SourceFile> files) => Ids(files)
        .GroupBy(x => x.Id)
        .Where(x => x.Count() > 1)
        .Select(x => $"event id {x.Key} has {x.Count()} meanings: {string.Join(", ", x.Select(id => $"{id.Name} ({id.Where})"))}");

    public static IEnumerable<string> IdsOutsideBands(IEnumerable<SourceFile> files) =>
        from file in files.Where(IsEventIds)
        let bands = Bands(file).ToList()
        from id in Ids([file])
        where !bands.Any(x => x.First <= id.Id && id.Id <= x.Last)
        select $"{id.Where}: event id {id.Id} ({id.Name}) is in no band that the summary of {file.Path} declares";

    public static IEnumerable<string> SharedBands(IEnumerable<SourceFile> files)
    {
        var bands = files.Where(IsEventIds).SelectMany(file => Bands(file).Select(x => (file.Path, x.First, x.Last))).ToList();
        return from one in bands
               from other in bands
               where string.CompareOrdinal(one.Path, other.Path) < 0 && one.First <= other.Last && other.First <= one.Last
               select $"{one.Path} and {other.Path} both declare event ids {Math.Max(one.First, other.First)} to {Math.Min(one.Last, other.Last)}";
    }

    public static IEnumerable<string> BareIds(IEnumerable<SourceFile> files) =>
        from file in files.Where(x => x.IsCode && x.IsUnder("src"))
        from Match message in Attribute().Matches(file.Code)
        where !UsesConstant().IsMatch(file.Code[message.Index..])
        select $"{file.At(message.Index)}: [LoggerMessage] without a constant of EventIds";

    private static bool IsEventIds(SourceFile file) => file.IsUnder("src") && System.IO.Path.GetFileName(file.Path) == "EventIds.cs";

    private static IEnumerable<(int Id, string Name, string Where)> Ids(IEnumerable<SourceFile> files) =>
        from file in files.Where(IsEventIds)
        from Match constant in Constant().Matches(file.Code)
        select (Number(constant, 2), constant.Groups[1].Value, file.At(constant.Index));

    /// <summary>Reads "2000 to 2999" and "1100s answers", which is 1100 to 1199.</summary>
    private static IEnumerable<(int First, int Last)> Bands(SourceFile file)
    {
        foreach (Match range in Range().Matches(file.Text))
        {
            yield return (Number(range, 1), Number(range, 2));
        }

        foreach (Match hundred in Hundred().Matches(file.Text))
        {
            yield return (Number(hundred, 1), Number(hundred, 1) + 99);
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"const\s+int\s+(\w+)\s*=\s*(\d+)\s*;")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\b(\d{4,}) to (\d{4,})\b")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(\d{4,})s\b")]
    private static partial Regex Hundred();

    [GeneratedRegex(@"\[\s*LoggerMessage\s*\(")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^\[\s*LoggerMessage\s*\(\s*(?:EventId\s*=\s*)?EventIds\.\w+")]
    private static partial Regex UsesConstant();
}
