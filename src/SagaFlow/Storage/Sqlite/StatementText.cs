namespace SagaFlow.Storage.Sqlite;

/// <summary>Makes statements from lists of columns, so that a column's name and its value stand at one place each.</summary>
internal static class StatementText
{
    /// <summary><c>insert into t (a, b) values ($1, $2)</c></summary>
    public static string Insert(string table, params ReadOnlySpan<string> columns) =>
        $"insert into {table} ({List(columns)}) values ({List(Placeholders(columns.Length))})";

    /// <summary><c>a = $1, b = $2</c></summary>
    public static string Assign(params ReadOnlySpan<string> columns)
    {
        var placeholders = Placeholders(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            placeholders[i] = $"{columns[i]} = {placeholders[i]}";
        }

        return List(placeholders);
    }

    /// <summary><c>a, b</c></summary>
    public static string List(params ReadOnlySpan<string> parts) => string.Join(", ", parts!);

    private static string[] Placeholders(int count) => [.. Enumerable.Range(1, count).Select(i => $"${i}")];
}
