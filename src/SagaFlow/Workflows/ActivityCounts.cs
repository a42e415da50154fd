using System.Globalization;
using System.Text.Json;
using SagaFlow.Activities;

namespace SagaFlow.Workflows;

/// <summary>How many activities of each name a workflow has scheduled: the n of the next activity id.</summary>
internal static class ActivityCounts
{
    /// <summary>Takes numbers for so many; the answer holds the first.</summary>
    public static (string Counts, int Number) Next(string counts, string name, int count = 1)
    {
        var all = JsonSerializer.Deserialize<SortedDictionary<string, int>>(counts) ?? [];
        var number = all.GetValueOrDefault(name) + 1;
        all[name] = number + count - 1;
        return (JsonSerializer.Serialize(all), number);
    }

    /// <summary>The number that was taken last; 0 for none.</summary>
    public static int Latest(string counts, string name) =>
        JsonSerializer.Deserialize<Dictionary<string, int>>(counts)?.GetValueOrDefault(name) ?? 0;

    public static int NumberOf(ActivityState state) => int.Parse(state.Id.AsSpan(state.Name.Length + 1), CultureInfo.InvariantCulture);

    public static string IdOf(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
}
