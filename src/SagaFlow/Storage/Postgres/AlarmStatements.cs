namespace SagaFlow.Storage.Postgres;

/// <summary>The statements of the alarm clock. In each claim $1 = now, $2 = when it may ring again, $3 = how many at most.</summary>
internal sealed class AlarmStatements(string schema)
{
    /// <summary>Walks the index in the order of the deadlines and stops at the limit, also while nothing is known about a table that
    /// fills up fast: else all that is due is fetched and sorted for every batch of it.</summary>
    public const string InOrder =
        "select set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)";

    public string Claim { get; } = $"""
        with due as materialized (
            select workflow_id, id from {schema}.activity
            where due_at <= $1 and (ring_after is null or ring_after <= $1)
            order by due_at limit $3 for no key update skip locked)
        update {schema}.activity x set ring_after = $2 from due where x.workflow_id = due.workflow_id and x.id = due.id
        returning x.workflow_id, x.id, x.workflow_type, x.attempt, x.due_at, x.due_kind, x.due_version
        """;

    public string ClaimWorkflows { get; } = $"""
        with due as materialized (
            select id from {schema}.workflow
            where status = 'Running' and deadline_at <= $1 and (ring_after is null or ring_after <= $1)
            order by deadline_at limit $3 for no key update skip locked)
        update {schema}.workflow x set ring_after = $2 from due where x.id = due.id
        returning x.id, x.deadline_at
        """;

    public string ClaimTimers { get; } = $"""
        with due as materialized (
            select workflow_id, id from {schema}.timer
            where due_at <= $1 and (ring_after is null or ring_after <= $1)
            order by due_at limit $3 for no key update skip locked)
        update {schema}.timer x set ring_after = $2 from due where x.workflow_id = due.workflow_id and x.id = due.id
        returning x.workflow_id, x.id, x.due_at, x.version
        """;

    /// <summary>$1 and $2 bound the gap, $3 = where its timers go.</summary>
    public string PostponeTimers { get; } =
        $"update {schema}.timer set due_at = $3, ring_after = null where due_at > $1 and due_at <= $2";

    /// <summary>The earliest deadline or timer that does not ring yet.</summary>
    public string Next { get; } = $"""
        select least(
            (select due_at from {schema}.activity where due_at is not null and ring_after is null order by due_at limit 1),
            (select deadline_at from {schema}.workflow where status = 'Running' and deadline_at is not null and ring_after is null
                order by deadline_at limit 1),
            (select due_at from {schema}.timer where ring_after is null order by due_at limit 1))
        """;
}
