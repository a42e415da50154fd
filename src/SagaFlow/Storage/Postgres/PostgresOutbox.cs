namespace SagaFlow.Storage.Postgres;

/// <summary>Outgoing messages in PostgreSQL. Their removal rides with the next batch of change sets.</summary>
internal sealed class PostgresOutbox(PostgresDatabase database, PostgresCommitter committer) : IOutbox
{
    public async Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"select {StoredRows.Outgoing} from {database.Schema}.outbox x where created_at < $1 order by created_at, seq limit $2",
            StoredRows.ReadOutgoing,
            cancellationToken,
            before, limit);

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
