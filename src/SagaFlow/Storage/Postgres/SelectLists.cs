namespace SagaFlow.Storage.Postgres;

/// <summary>The columns of <see cref="StoredRows"/> as they are asked for: each table is called <c>x</c>.</summary>
internal static class SelectLists
{
    public static readonly string Workflow = Of(StoredRows.Workflow);

    public static readonly string Activity = Of(StoredRows.Activity);

    public static readonly string Group = Of(StoredRows.Group);

    public static readonly string Kept = Of(StoredRows.Kept);

    public static readonly string Timer = Of(StoredRows.Timer);

    public static readonly string Outgoing = Of(StoredRows.Outgoing);

    private static string Of(string[] columns) => string.Join(", ", columns.Select(column => $"x.{column}"));
}
