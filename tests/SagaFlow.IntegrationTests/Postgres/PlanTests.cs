using Npgsql;
using SagaFlow.Storage;
using SagaFlow.Storage.Postgres;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>By which index the alarm clock finds its rows.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private PostgresStoreFixture _flow = null!;

    public async Task InitializeAsync() => _flow = await PostgresStoreFixture.CreateAsync();

    public async Task DisposeAsync() => await _flow.DisposeAsync();

    [Fact]
    [Trait("Req", "REL-D13")]
    public async Task What_is_due_is_found_in_the_order_of_its_index_among_many_rows()
    {
        await FillAsync(200_000);

        await AssertByIndexAsync("before the database knows that the table has grown");
        await _flow.ExecuteAsync("analyze {0}.activity, {0}.workflow, {0}.timer");
        await AssertByIndexAsync("after");

        Assert.Equal(10, (await _flow.Alarms.ClaimDueAsync(Records.Now, Records.Now.AddSeconds(5), 10, default)).Count);
    }

    private async Task AssertByIndexAsync(string when)
    {
        var statements = new AlarmStatements(_flow.SchemaName);
        foreach (var (statement, index) in new[]
        {
            (statements.Claim, "Index Scan using activity_due on activity"),
            (statements.ClaimWorkflows, "Index Scan using workflow_due on workflow"),
            (statements.ClaimTimers, "Index Scan using timer_due on timer"),
            (statements.Next, "using activity_due on activity"),
        })
        {
            var plan = await PlanAsync(statement);
            Assert.True(plan.Contains(index, StringComparison.Ordinal) && !plan.Contains("Sort", StringComparison.Ordinal), $"{when}: {plan}");
        }
    }

    // Written by the database itself from one row each: a tenth is due.
    private async Task FillAsync(int rows)
    {
        var id = Records.Id(1);
        await _flow.CommitAsync(new ChangeSet(id)
        {
            Workflow = Records.Workflow(id),
            Activities = [Records.Row(Records.Due(id, Records.Now.AddYears(1), "B-1"))],
        });
        foreach (var (table, due) in new[] { ("workflow", "deadline_at"), ("activity", "due_at") })
        {
            var columns = await _flow.ReadAsync<string>($"""
                select string_agg(column_name, ', ') from information_schema.columns
                where table_schema = '{_flow.SchemaName}' and table_name = '{table}'
                    and column_name not in ('id', 'workflow_id', 'business_key', 'seq', '{due}')
                """);
            var keys = table == "workflow" ? ("id, business_key", "gen_random_uuid(), i::text") : ("workflow_id, id", "gen_random_uuid(), 'A-1'");
            await _flow.ExecuteAsync($"""
                insert into {_flow.SchemaName}.{table} ({keys.Item1}, {due}, {columns})
                select {keys.Item2}, '{Records.Now:O}'::timestamptz + (i - {rows / 10}) * interval '1 second', {columns}
                from {_flow.SchemaName}.{table}, generate_series(1, {rows}) i
                """);
        }
    }

    private async Task<string> PlanAsync(string statement)
    {
        await using var source = NpgsqlDataSource.Create(PostgresServer.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var settings = new NpgsqlCommand(AlarmStatements.InOrder, connection, transaction))
        {
            await settings.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand($"explain {statement}", connection, transaction);
        if (statement.Contains("$1", StringComparison.Ordinal))
        {
            command.Parameters.AddWithValue(Records.Now);
            command.Parameters.AddWithValue(Records.Now.AddSeconds(5));
            command.Parameters.AddWithValue(200);
        }

        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
        {
            lines.Add(reader.GetString(0));
        }

        return string.Join('\n', lines);
    }
}
