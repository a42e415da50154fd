using Npgsql;
using NpgsqlTypes;

namespace SagaFlow.Storage.Postgres;

/// <summary>Reads what many keys name in one round trip and one snapshot: only the tables that a key asks for are looked at.</summary>
internal sealed class LoadStatement(string schema)
{
    private readonly string _seen = $"""
        select k.place, x.body_hash, x.at from unnest($1::int[], $2::text[], $3::uuid[], $4::uuid[]) k(place, endpoint, workflow_id, message_id)
        join {schema}.inbox x on x.endpoint = k.endpoint and x.workflow_id = k.workflow_id and x.message_id = k.message_id
        """;

    private readonly string _workflows = $"{SelectByWorkflow(schema, TableNames.Workflow, SelectLists.Workflow, "id")}";

    private readonly string _kept = $"{SelectByWorkflow(schema, TableNames.KeptMessage, SelectLists.Kept, "workflow_id")} order by k.place, x.seq";

    private readonly string _open =
        $"{SelectByWorkflow(schema, TableNames.Activity, SelectLists.Activity, "workflow_id")} where x.status in ('Scheduled', 'Started', 'BackingOff') order by k.place, x.seq";

    private readonly string _activities = $"{SelectByName(schema, TableNames.Activity, SelectLists.Activity, "id")}";

    private readonly string _groups = $"{SelectByName(schema, TableNames.ActivityGroup, SelectLists.Group, "id")}";

    private readonly string _members = $"{SelectByName(schema, TableNames.Activity, SelectLists.Activity, "group_id")} order by k.place, x.seq";

    private readonly string _timers = $"""
        select k.place, {SelectLists.Timer} from unnest($1::int[], $2::uuid[], $3::uuid[]) k(place, workflow_id, id)
        join {schema}.timer x on x.workflow_id = k.workflow_id and x.id = k.id
        """;

    private readonly string _now = $"select {schema}.now()";

    /// <summary>Reads in a transaction of its own.</summary>
    public Task<IReadOnlyList<Loaded>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<LoadKey> keys) => ReadAsync(connection, keys, ownTransaction: true);

    /// <summary>Reads in the transaction that the caller has begun.</summary>
    public Task<IReadOnlyList<Loaded>> ReadInTransactionAsync(NpgsqlConnection connection, IReadOnlyList<LoadKey> keys) =>
        ReadAsync(connection, keys, ownTransaction: false);

    private async Task<IReadOnlyList<Loaded>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<LoadKey> keys, bool ownTransaction)
    {
        await using var batch = new NpgsqlBatch(connection);
        LoadDraft[] drafts = [.. keys.Select(key => new LoadDraft(key))];
        var reads = new List<Action<LoadDraft, PostgresRow>>();
        if (ownTransaction)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("begin transaction isolation level repeatable read read only"));
        }

        AddReads(batch, keys, reads);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(_now));
        if (ownTransaction)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        }

        await using var reader = await batch.ExecuteReaderAsync();
        var row = new PostgresRow(reader);
        foreach (var read in reads)
        {
            while (await reader.ReadAsync())
            {
                row.Rewind();
                read(drafts[row.Int()], row);
            }

            await reader.NextResultAsync();
        }

        await reader.ReadAsync();
        var now = reader.GetFieldValue<DateTimeOffset>(0);
        return [.. drafts.Select(draft => draft.ToLoaded(now))];
    }

    private void AddReads(NpgsqlBatch batch, IReadOnlyList<LoadKey> keys, List<Action<LoadDraft, PostgresRow>> reads)
    {
        Add(_seen, key => key.Inbox is not null, (draft, row) => draft.Seen = new InboxEntry(draft.Key.Inbox!, row.Text(), row.Instant()),
            Texts(key => key.Inbox!.Endpoint), Ids(key => key.Inbox!.WorkflowId), Ids(key => key.Inbox!.MessageId));
        Add(_workflows, key => key.Workflow, (draft, row) => draft.Workflow = StoredRows.ReadWorkflow(row), Ids(key => key.WorkflowId));
        Add(_kept, key => key.Workflow, (draft, row) => draft.Kept.Add(StoredRows.ReadKept(row)), Ids(key => key.WorkflowId));
        Add(_activities, key => key.ActivityId is not null, (draft, row) => draft.Activity = StoredRows.ReadActivity(row),
            Ids(key => key.WorkflowId), Texts(key => key.ActivityId!));
        Add(_open, key => key.OpenActivities, (draft, row) => draft.Open.Add(StoredRows.ReadActivity(row)), Ids(key => key.WorkflowId));
        Add(_groups, key => key.GroupId is not null, (draft, row) => draft.Group = StoredRows.ReadGroup(row),
            Ids(key => key.WorkflowId), Texts(key => key.GroupId!));
        Add(_members, key => key.GroupId is not null, (draft, row) => draft.Members.Add(StoredRows.ReadActivity(row)),
            Ids(key => key.WorkflowId), Texts(key => key.GroupId!));
        Add(_timers, key => key.TimerId is not null, (draft, row) => draft.Timer = StoredRows.ReadTimer(row),
            Ids(key => key.WorkflowId), Ids(key => key.TimerId!.Value));

        void Add(
            string text, Func<LoadKey, bool> asks, Action<LoadDraft, PostgresRow> read, params ReadOnlySpan<Func<IReadOnlyList<LoadKey>, NpgsqlParameter>> arrays)
        {
            int[] places = [.. Enumerable.Range(0, keys.Count).Where(place => asks(keys[place]))];
            if (places.Length == 0)
            {
                return;
            }

            LoadKey[] asking = [.. places.Select(place => keys[place])];
            var command = new NpgsqlBatchCommand(text);
            command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = places });
            foreach (var array in arrays)
            {
                command.Parameters.Add(array(asking));
            }

            batch.BatchCommands.Add(command);
            reads.Add(read);
        }
    }

    private static Func<IReadOnlyList<LoadKey>, NpgsqlParameter> Ids(Func<LoadKey, Guid> value) =>
        keys => new NpgsqlParameter<Guid[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, TypedValue = [.. keys.Select(value)] };

    private static Func<IReadOnlyList<LoadKey>, NpgsqlParameter> Texts(Func<LoadKey, string> value) =>
        keys => new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = [.. keys.Select(value)] };

    private static string SelectByWorkflow(string schema, string table, string columns, string key) =>
        $"select k.place, {columns} from unnest($1::int[], $2::uuid[]) k(place, workflow_id) join {schema}.{table} x on x.{key} = k.workflow_id";

    private static string SelectByName(string schema, string table, string columns, string name) => $"""
        select k.place, {columns} from unnest($1::int[], $2::uuid[], $3::text[]) k(place, workflow_id, name)
        join {schema}.{table} x on x.workflow_id = k.workflow_id and x.{name} = k.name
        """;
}

/// <summary>What was read for one key so far.</summary>
internal sealed class LoadDraft(LoadKey key)
{
    public LoadKey Key => key;
    public InboxEntry? Seen { get; set; }
    public WorkflowRecord? Workflow { get; set; }
    public ActivityRecord? Activity { get; set; }
    public GroupRecord? Group { get; set; }
    public TimerRecord? Timer { get; set; }
    public List<KeptMessage> Kept { get; } = [];
    public List<ActivityRecord> Open { get; } = [];
    public List<ActivityRecord> Members { get; } = [];

    public Loaded ToLoaded(DateTimeOffset now) => new(key)
    {
        Now = now,
        Seen = Seen,
        Workflow = Workflow,
        Activity = Activity,
        Group = Group,
        Timer = Timer,
        KeptMessages = Kept,
        OpenActivities = Open,
        Members = Members,
    };
}
