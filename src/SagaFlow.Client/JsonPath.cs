namespace SagaFlow.Client;

/// <summary>The path that the JSON reader gives for a problem, such as <c>$.items[2]['odd name'].id</c>, in steps.</summary>
internal static class JsonPath
{
    public static IReadOnlyList<string> Split(string path)
    {
        var steps = new List<string>();
        for (var i = 1; i < path.Length;)
        {
            var (start, end, next) = path[i..] switch
            {
                ['[', '\'', ..] => Quoted(path, i),
                ['[', ..] => (i + 1, End(path, i, "]"), End(path, i, "]") + 1),
                _ => (i + 1, End(path, i + 1, ".["), End(path, i + 1, ".[")),
            };
            steps.Add(path[start..end]);
            i = next;
        }

        return steps;
    }

    private static (int Start, int End, int Next) Quoted(string path, int at)
    {
        var end = at + 2 <= path.Length ? path.IndexOf("']", at + 2, StringComparison.Ordinal) : -1;
        return end < 0 ? (at, path.Length, path.Length) : (at + 2, end, end + 2);
    }

    private static int End(string path, int from, string any)
    {
        var end = from <= path.Length ? path.AsSpan(from).IndexOfAny(any) : -1;
        return end < 0 ? path.Length : from + end;
    }
}
