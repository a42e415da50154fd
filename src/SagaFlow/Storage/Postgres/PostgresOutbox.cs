namespace SagaFlow.Storage.Postgres;

/// <summary>Outgoing messages in PostgreSQL. Their removal rides with the next batch of change sets.</summary>
internal sealed class PostgresOutbox(PostgresDatabase database, PostgresCommitter committer) : IOutbox
{
    private readonly string _claim = $"""
        with left_behind as materialized (
            select id from {database.Schema}.outbox where created_at < $2 and (lease_until is null or lease_until <= $1)
            order by created_at limit $4 for no key update skip locked)
        update {database.Schema}.outbox x set lease_until = $3 from left_behind where x.id = left_behind.id
        returning {SelectLists.Outgoing}
        """;

    public async Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"select {SelectLists.Outgoing} from {database.Schema}.outbox x where created_at < $1 order by created_at, seq limit $2",
            StoredRows.ReadOutgoing,
            cancellationToken,
            before, limit);

    public async Task<IReadOnlyList<OutgoingMessage>> ClaimUnconfirmedAsync(
        DateTimeOffset now, DateTimeOffset before, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        var claimed = await database.QueryAsync(
            AlarmStatements.InOrder, _claim, StoredRows.ReadOutgoing, cancellationToken, now, before, leaseUntil, limit);

        // An update returns its rows in no order of its own.
        return [.. claimed.OrderBy(message => message.CreatedAt)];
    }

    public async Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var unit = new CommitUnit(ids);
        await committer.EnqueueAsync(unit);
        await unit.Completion.WaitAsync(cancellationToken);
    }
}
