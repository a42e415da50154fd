namespace SagaFlow.Storage.Postgres;

/// <summary>The parts of <see cref="CommitStatement"/>, in their order. Each is one common table of the statement.</summary>
internal static class CommitParts
{
    public const char Committed = 'C';
    public const char Met = 'M';
    public const char Duplicate = 'D';
    public const char Conflict = 'X';

    /// <summary>One letter for each change set, in their order; null when the committer's row is missing or has moved on.</summary>
    public const string Answer = "select case when (select yes from go) then (select letters from results) end";

    private const string Counts = "place = any((select places from ok)::int[])";

    /// <summary>Lets a batch in when its number is new: a statement that arrives late, after its batch was given up, finds it taken.</summary>
    public static string Fence(string schema) => $"""
        fence as materialized (select batch from {schema}.committer where id = $1 for no key update),
        go as materialized (select $1 is null or coalesce((select batch < $2 from fence), false) as yes)
        """;

    /// <summary>Locks what is guarded: workflows, activities, groups. Each part waits for the one before, so that the order is the same in every engine.</summary>
    public static string[] Locks(string schema) =>
    [
        $"""
        wl as materialized (
            select w.place from w join {schema}.workflow x on x.id = w.id and x.version = w.version
            where w.version > 0 order by x.id for no key update of x skip locked)
        """,
        $"""
        al as materialized (
            select a.place from a join {schema}.activity x on x.workflow_id = a.workflow_id and x.id = a.id and x.version = a.version
            where a.version > 0 and (select count(*) from wl) >= 0
            order by x.workflow_id, x.id for no key update of x skip locked)
        """,

        // Groups are counted, not guarded: one that another engine counts at this moment is waited for.
        $"""
        gl as materialized (
            select x.workflow_id, x.id, x.status
            from (
                select workflow_id, id from cl union select workflow_id, id from ge
                union select y.workflow_id, y.id from c join {schema}.activity_group y on y.workflow_id = c.ends_groups_of) u
            join {schema}.activity_group x on x.workflow_id = u.workflow_id and x.id = u.id
            where (select count(*) from al) >= 0
            order by x.workflow_id, x.id for no key update of x)
        """,
    ];

    /// <summary>Finds who lost. A repeat is told before a conflict.</summary>
    public static string[] Verdict(string schema) =>
    [
        $"""
        seen as materialized (
            select coalesce(array_agg(c.place), '{"{}"}') as places from c join {schema}.inbox i
                on i.endpoint = c.endpoint and i.workflow_id = c.workflow_id and i.message_id = c.message_id)
        """,
        $"""
        lost as materialized (
            select place from (
                select place, 1 as missing from w where version > 0 union all select place, -1 from wl
                union all select place, 1 from a where version > 0 union all select place, -1 from al
                union all select place, 1 from ge where status = 'Joined'
                union all select ge.place, -1 from ge join gl on gl.workflow_id = ge.workflow_id and gl.id = ge.id
                    where ge.status = 'Joined' and gl.status = 'Met') guards
            group by place having sum(missing) <> 0
            union all select w.place from w join {schema}.workflow x on x.id = w.id where w.version = 0
            union all select a.place from a join {schema}.activity x on x.workflow_id = a.workflow_id and x.id = a.id where a.version = 0)
        """,
        $"""
        verdict as materialized (
            select place, case
                when place = any((select places from seen)::int[]) then '{Duplicate}'
                when place = any((select coalesce(array_agg(place), '{"{}"}') from lost)::int[]) then '{Conflict}'
                else '{Committed}' end as letter
            from c)
        """,
        $"ok as materialized (select coalesce(array_agg(place), '{"{}"}') as places from verdict where letter = '{Committed}')",
    ];

    /// <summary>Writes workflows and activities; the version is named once more, because it is what guards them.</summary>
    public static string[] Rows(string schema)
    {
        var workflow = BatchTables.Workflows.Columns.ToArray();
        var activity = BatchTables.Activities.Columns.ToArray();
        return
        [
            $"""
            upw as (
                update {schema}.workflow x set {Assign(workflow.Except(StoredRows.WorkflowFixed), "w")}
                from w where x.id = w.id and x.version = w.version and w.version > 0 and w.{Counts})
            """,
            Insert("inw", schema, TableNames.Workflow, workflow, "w", guarded: true),

            // A ring that is on its way stands for the deadline it was made for; another deadline may ring at once.
            $"""
            upa as (
                update {schema}.activity x set {Assign(activity.Except(StoredRows.ActivityFixed), "a")},
                    ring_after = case when x.due_version = a.due_version then x.ring_after end
                from a where x.workflow_id = a.workflow_id and x.id = a.id and x.version = a.version and a.version > 0 and a.{Counts})
            """,
            Insert("ina", schema, TableNames.Activity, activity, "a", guarded: true),
        ];
    }

    /// <summary>Counts closed members, summed for each group, and ends groups. On the right side of an assignment stand the old values.</summary>
    public static string[] Groups(string schema) =>
    [
        Insert("ing", schema, TableNames.ActivityGroup, BatchTables.Groups.Columns, "g"),
        $"""
        met as (
            update {schema}.activity_group x set open = open - s.completed - s.failed, failed = x.failed + s.failed,
                status = case
                    when members - open - x.failed + s.completed >= needed or x.failed + s.failed > failures_allowed
                        or open - s.completed - s.failed <= 0 then 'Met'
                    else status end
            from (
                select workflow_id, id, sum(completed)::int as completed, sum(failed)::int as failed, max(place) as place
                from cl where {Counts} group by workflow_id, id) s
            where x.workflow_id = s.workflow_id and x.id = s.id and x.status = 'Open'
            returning s.place, x.status)
        """,
        $"""
        eng as (
            update {schema}.activity_group x set status = ge.status
            from ge where x.workflow_id = ge.workflow_id and x.id = ge.id and x.status in ('Open', 'Met') and ge.{Counts})
        """,

        // A row is written once in a statement: a group that has an end of its own is left to it.
        $"""
        eag as (
            update {schema}.activity_group x set status = 'Abandoned'
            from c where x.workflow_id = c.ends_groups_of and x.status in ('Open', 'Met') and c.{Counts}
                and not exists (select 1 from ge where ge.workflow_id = x.workflow_id and ge.id = x.id))
        """,
    ];

    /// <summary>Writes messages, history and timers, and deletes what is over.</summary>
    public static string[] Messages(string schema, string arrived) =>
    [
        $"""
        inb as (
            insert into {schema}.inbox (endpoint, workflow_id, message_id, body_hash, at)
            select endpoint, workflow_id, message_id, body_hash, at from c where c.endpoint is not null and c.{Counts})
        """,
        Insert("his", schema, TableNames.History, BatchTables.History.Columns, "h"),
        Insert("ino", schema, TableNames.Outbox, BatchTables.Outgoing.Columns, "o"),
        $"deo as (delete from {schema}.outbox where id = any({arrived}::uuid[]))",
        Insert("ink", schema, TableNames.KeptMessage, BatchTables.Kept.Columns, "k"),
        $"dek as (delete from {schema}.kept_message x using r where x.workflow_id = r.workflow_id and x.message_id = r.id and r.{Counts})",
        Insert("int", schema, TableNames.Timer, BatchTables.Timers.Columns, "t"),
        $"det as (delete from {schema}.timer x using et where x.workflow_id = et.workflow_id and x.id = et.id and et.{Counts})",
        $"dea as (delete from {schema}.timer x using c where x.workflow_id = c.ends_timers_of and c.{Counts})",
    ];

    /// <summary>Puts the letters together and leaves them in the committer's row, for the case that the reply is lost.</summary>
    public static string[] Results(string schema) =>
    [
        $"""
        results as materialized (
            select coalesce(string_agg(case
                when letter = '{Committed}' and (meets_own_group or exists (select 1 from met where met.place = c.place and met.status = 'Met')) then '{Met}'
                else letter end, '' order by c.place), '') as letters
            from c join verdict on verdict.place = c.place)
        """,
        $"fin as (update {schema}.committer set batch = $2, results = (select letters from results), at = {schema}.now() where id = $1 and (select yes from go))",
    ];

    // Ordered, because the numbers of the rows are given in the order of the select. A row that is guarded is new at version 0.
    private static string Insert(string name, string schema, string table, IEnumerable<string> columns, string rows, bool guarded = false)
    {
        var values = columns.Select(column => guarded && column == "version" ? $"{rows}.version + 1" : $"{rows}.{column}");
        return $"""
            {name} as (
                insert into {schema}.{table} ({string.Join(", ", columns)})
                select {string.Join(", ", values)} from {rows} where {(guarded ? $"{rows}.version = 0 and " : "")}{rows}.{Counts} order by {rows}.n)
            """;
    }

    private static string Assign(IEnumerable<string> columns, string rows) =>
        string.Join(", ", columns.Select(column => column == "version" ? $"version = {rows}.version + 1" : $"{column} = {rows}.{column}"));
}
