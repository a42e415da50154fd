using Npgsql;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>Counts the rows that each engine wrote for a workflow, so that it can be seen that both did the same.</summary>
internal static class RowCounts
{
    // The server tells its counts with a delay of up to a second.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    public static async Task PrintAsync(string postgres, IEnumerable<string> schemas)
    {
        await Task.Delay(Delay);
        await using var source = NpgsqlDataSource.Create(postgres);
        foreach (var schema in schemas)
        {
            await PrintAsync(source, schema);
        }
    }

    private static async Task PrintAsync(NpgsqlDataSource source, string schema)
    {
        await using var command = source.CreateCommand($"""
            select string_agg(format('%s %s+%s-%s', relname, round(n_tup_ins::numeric / n, 2), round(n_tup_upd::numeric / n, 2), round(n_tup_del::numeric / n, 2)), ', ' order by relname)
            from pg_stat_user_tables, (select greatest(count(*), 1) as n from {schema}.workflow) w
            where schemaname = '{schema}' and n_tup_ins + n_tup_upd + n_tup_del > n / 10
            """);
        Console.WriteLine($"{schema}, rows inserted+updated-deleted for each workflow: {(string)(await command.ExecuteScalarAsync())!}");
    }
}
