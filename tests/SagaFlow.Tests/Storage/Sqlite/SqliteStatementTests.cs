using Microsoft.Data.Sqlite;
using SagaFlow.Activities;
using SagaFlow.Storage;
using SagaFlow.Storage.Sqlite;

namespace SagaFlow.Tests.Storage;

/// <summary>What the store asks of the database, and by which index.</summary>
public sealed class SqliteStatementTests : IAsyncLifetime
{
    private SqliteStoreFixture _flow = null!;

    public async Task InitializeAsync()
    {
        _flow = await SqliteStoreFixture.CreateAsync();
        await _flow.CommitAsync(Records.Start(Records.Id(1)));
        _flow.Statements.Clear();
    }

    public async Task DisposeAsync() => await _flow.DisposeAsync();

    [Fact]
    [Trait("Req", "M12")]
    public async Task A_heartbeat_reads_and_writes_the_row_of_its_activity_and_nothing_else()
    {
        var id = Records.Id(1);

        var activity = (await _flow.LoadAsync(new LoadKey(id) { ActivityId = "GetRoute-1" })).Activity!;
        await _flow.CommitAsync(new ChangeSet(id) { Activities = [activity with { State = activity.State with { LastHeartbeatAt = Records.Now } }] });

        Assert.Collection(
            Touching(),
            read => Assert.StartsWith("select workflow_id, id, name", read, StringComparison.Ordinal),
            write => Assert.StartsWith("update sagaflow_activity", write, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_load_asks_only_for_what_its_key_names()
    {
        var id = Records.Id(1);

        Assert.Equal(0, await CountAsync(new LoadKey(id)));
        Assert.Equal(1, await CountAsync(new LoadKey(id) { Inbox = Records.Inbox(id, id).Key }));
        Assert.Equal(1, await CountAsync(new LoadKey(id) { OpenActivities = true }));
        Assert.Equal(2, await CountAsync(new LoadKey(id) { Workflow = true }));
        Assert.Equal(5, await CountAsync(new LoadKey(id) { Workflow = true, ActivityId = "GetRoute-1", OpenActivities = true, Inbox = Records.Inbox(id, id).Key }));
    }

    [Fact]
    [Trait("Req", "REL-D13")]
    public void Deadlines_that_are_due_are_found_by_their_index()
    {
        Assert.Contains("USING COVERING INDEX sagaflow_activity_due (due_at<?)", Plan(SqliteAlarmStore.ClaimText), StringComparison.Ordinal);
        Assert.Contains("USING COVERING INDEX sagaflow_activity_due", Plan(SqliteAlarmStore.NextText), StringComparison.Ordinal);
        Assert.Contains("USING COVERING INDEX sagaflow_workflow_due (deadline_at<?)", Plan(SqliteAlarmStore.ClaimWorkflowsText), StringComparison.Ordinal);
        Assert.Contains("USING COVERING INDEX sagaflow_workflow_due", Plan(SqliteAlarmStore.NextWorkflowText), StringComparison.Ordinal);
    }

    [Fact]
    public void Activities_that_nobody_started_are_found_by_their_index()
    {
        const string Unstarted = "select * from sagaflow_activity where status = 'Scheduled' and (workflow_id, id) > ($1, $2) order by workflow_id, id limit $3";

        var plan = Plan(Unstarted);

        Assert.Contains("USING INDEX sagaflow_activity_unstarted", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void Members_of_a_group_and_groups_to_be_joined_are_found_by_their_indexes()
    {
        var members = Plan("select * from sagaflow_activity where workflow_id = $1 and group_id = $2 order by rowid");
        var met = Plan("select * from sagaflow_activity_group where status = 'Met' and (workflow_id, id) > ($1, $2) order by workflow_id, id limit $3");

        Assert.Contains("USING INDEX sagaflow_activity_member", members, StringComparison.Ordinal);
        Assert.DoesNotContain("TEMP B-TREE", members, StringComparison.Ordinal);
        Assert.Contains("USING INDEX sagaflow_activity_group_met", met, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_can_be_read_by_a_person_with_plain_sql()
    {
        var id = Records.Id(1);
        await _flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(Records.Due(id, Records.Now, "Transmit-1"))] });

        var row = Query("select workflow_id || ' ' || id || ' ' || status || ' ' || due_kind || ' ' || due_at from sagaflow_activity where id = 'Transmit-1'");

        Assert.Equal("00000001-0000-0000-0000-0000000000ab Transmit-1 Started StartToClose 2026-01-31T09:30:00.1234560Z", row);
        Assert.Equal("2026-01-31 09:30:00", Query("select datetime(created_at) from sagaflow_workflow"));
    }

    [Fact]
    public void Instants_sort_as_text_and_come_back_to_the_tick()
    {
        DateTimeOffset[] instants =
        [
            DateTimeOffset.MinValue, Records.Now.AddTicks(-1), Records.Now, Records.Now.AddTicks(1), Records.Now.AddYears(900), DateTimeOffset.MaxValue,
        ];

        var texts = instants.Select(SqliteValues.Text).ToArray();

        Assert.Equal(texts.Order(StringComparer.Ordinal), texts);
        Assert.Equal(instants, texts.Select(SqliteValues.Instant));
        Assert.Equal(SqliteValues.Text(Records.Now), SqliteValues.Text(Records.Now.ToOffset(TimeSpan.FromHours(2))));
    }

    [Fact]
    public async Task A_deadline_whose_version_is_not_its_rows_is_refused()
    {
        var broken = Records.Due(Records.Id(2), Records.Now) with { Due = new Deadline(Records.Now, DeadlineKind.Heartbeat, 3) };

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _flow.CommitAsync(new ChangeSet(broken.WorkflowId) { Activities = [Records.Row(broken)] }));

        Assert.Contains("version 3", error.Message, StringComparison.Ordinal);
    }

    private async Task<int> CountAsync(LoadKey key)
    {
        _flow.Statements.Clear();
        await _flow.LoadAsync(key);
        return Touching().Count;
    }

    // A transaction's own words touch no row.
    private List<string> Touching() => [.. _flow.Statements.Where(sql => sql.Contains("sagaflow_", StringComparison.Ordinal))];

    private string Plan(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"explain query plan {sql}";
        command.Parameters.AddRange([new SqliteParameter("$1", "2026"), new SqliteParameter("$2", "2026"), new SqliteParameter("$3", 10)]);
        using var reader = command.ExecuteReader();
        var plan = "";
        while (reader.Read())
        {
            plan += reader.GetString(3) + "\n";
        }

        return plan;
    }

    private object? Query(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_flow.File};Pooling=False");
        connection.Open();
        return connection;
    }
}
