using System.Globalization;
using System.Text.Json;

namespace SagaFlow.Workflows;

/// <summary>How many activities of each name a workflow has scheduled: the n of the next activity id.</summary>
internal static class ActivityCounts
{
    public static (string Counts, int Number) Next(string counts, string name)
    {
        var all = JsonSerializer.Deserialize<SortedDictionary<string, int>>(counts) ?? [];
        var number = all.GetValueOrDefault(name) + 1;
        all[name] = number;
        return (JsonSerializer.Serialize(all), number);
    }

    public static string IdOf(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
}
