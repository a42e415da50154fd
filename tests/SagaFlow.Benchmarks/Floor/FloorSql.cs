using SagaFlow.Benchmarks.AsyncPath;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>The statements of the hand-written engine. Its tables are copies of the engine's own, columns and indexes alike.</summary>
internal static class FloorSql
{
    private const string Policy =
        """{"ScheduleToClose":"01:00:00","Retry":{"InitialInterval":"00:00:01","Coefficient":2,"MaximumInterval":"00:01:40","NonRetryableTypes":[]},"TokenScope":"Attempt","LateAttempts":"Accept"}""";

    /// <summary>The same as the engine's own connections have.</summary>
    public const string Settings =
        "set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off; set plan_cache_mode = force_generic_plan";

    // Rows are joined by all columns of their key, none of them a constant: with one, a plan that was made while the tables were empty
    // reads a whole index.

    /// <summary>$1 the workflows' ids.</summary>
    public const string Load = $"""
        with k as materialized (select t.*, '{FloorNames.ActivityId}'::text as activity from unnest($1::uuid[]) with ordinality as t(id, n))
        select w.business_key, w.status, w.version, w.result, w.created_at, a.status, a.version
        from k
        left join {Names.Floor}.workflow w on w.id = k.id
        left join {Names.Floor}.activity a on a.workflow_id = k.id and a.id = k.activity
        order by k.n
        """;

    /// <summary>One batch: the transaction and the round trip. $1 to $9 starts, $10 and $11 beginnings, $12 to $18 results, $19 requests
    /// that have arrived, $20 the time, $21 the deadline. Gives the workflows that were changed.</summary>
    public const string Commit = $"""
        with
        s as materialized (
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::bytea[])
                as t(wf, key, input_hash, message_id, arguments, started, scheduled, request_id, request)),
        b as materialized (select t.*, '{FloorNames.ActivityId}'::text as activity from unnest($10::uuid[], $11::text[]) as t(wf, data)),
        d as materialized (
            select t.*, '{FloorNames.ActivityId}'::text as activity from unnest($12::uuid[], $13::int[], $14::int[], $15::text[], $16::text[], $17::text[], $18::text[])
                as t(wf, workflow_version, activity_version, result, closed_attempts, started, completed)),
        dl as materialized (
            select d.* from d
            join {Names.Floor}.workflow w on w.id = d.wf and w.version = d.workflow_version
            join {Names.Floor}.activity a on a.workflow_id = d.wf and a.id = d.activity and a.version = d.activity_version
            order by d.wf for no key update of w, a),
        inw as (
            insert into {Names.Floor}.workflow
                (id, type, business_key, input_hash, created_at, version, state, status, definition_version, document, activity_counts,
                 has_tied_activities, updated_at)
            select wf, '{Names.WorkflowType}', key, input_hash, $20, 1, 'Work.Pending', 'Running', 1, '{EmptyDocument}', '{ActivityCounts}', false, $20
            from s where not exists (
                select 1 from {Names.Floor}.inbox i where i.endpoint = '{Names.WorkflowType}' and i.workflow_id = s.wf and i.message_id = s.message_id)
            on conflict do nothing returning id),
        ns as materialized (select s.* from s where wf in (select id from inw)),
        ina as (
            insert into {Names.Floor}.activity
                (workflow_id, id, name, workflow_type, task_queue, token_scope, policy, arguments, scheduled_at, version, status, attempt,
                 released_count, attempt_scheduled_at, cancel_requested, closed_attempts, due_at, due_kind, due_version)
            select wf, '{FloorNames.ActivityId}', '{FloorNames.Activity}', '{Names.WorkflowType}', 'default', 'Attempt', '{Policy}', arguments,
                $20, 1, 'Scheduled', 1, 0, $20, false, '[]', $21, 'ScheduleToClose', 1 from ns),
        inb as (
            insert into {Names.Floor}.inbox (endpoint, workflow_id, message_id, body_hash, at)
            select '{Names.WorkflowType}', wf, message_id, input_hash, $20 from ns),
        ino as (
            insert into {Names.Floor}.outbox (id, workflow_id, kind, destination, content_type, headers, body, created_at)
            select request_id, wf, 'ActivityRequest', '{Names.Floor}.tasks.default', 'application/json', '{EmptyDocument}', request, $20 from ns),
        upb as (
            update {Names.Floor}.activity a set status = 'Started', started_at = $20, version = version + 1
            from b where a.workflow_id = b.wf and a.id = b.activity and a.attempt = 1 and a.status = 'Scheduled'
            returning a.workflow_id),
        upa as (
            update {Names.Floor}.activity a set status = 'Completed', version = version + 1, started_at = coalesce(started_at, $20),
                closed_attempts = dl.closed_attempts, result = dl.result, closed_at = $20, due_at = null, due_kind = null, due_version = 2
            from dl where a.workflow_id = dl.wf and a.id = dl.activity),
        upw as (
            update {Names.Floor}.workflow w set status = 'Completed', state = 'Final', version = version + 1, document = '{EmptyDocument}',
                result = dl.result, updated_at = $20, closed_at = $20
            from dl where w.id = dl.wf),
        his as (
            insert into {Names.Floor}.history (workflow_id, at, kind, activity_id, attempt, data)
            select wf, $20, kind, activity, attempt, data from (
                select wf, 'WorkflowStarted' as kind, null as activity, null::int as attempt, started as data, 1 as n from ns
                union all select wf, 'ActivityScheduled', '{FloorNames.ActivityId}', 1, scheduled, 2 from ns
                union all select wf, 'AttemptStarted', '{FloorNames.ActivityId}', 1, data, 3 from b where wf in (select workflow_id from upb)
                union all select wf, 'AttemptStarted', '{FloorNames.ActivityId}', 1, started, 3 from dl where started is not null
                union all select wf, 'ActivityCompleted', '{FloorNames.ActivityId}', 1, completed, 4 from dl
                union all select wf, 'WorkflowCompleted', null, null, completed, 5 from dl) events
            order by n),
        deo as (delete from {Names.Floor}.outbox where id = any($19::uuid[]))
        select array(select id from inw union all select workflow_id from upb union all select wf from dl)
        """;

    private const string EmptyDocument = "{}";
    private const string ActivityCounts = """{"Work":1}""";
}
