namespace SagaFlow.Storage.Sqlite;

/// <summary>Outgoing messages in SQLite. Their removal shares the transactions of the change sets.</summary>
internal sealed class SqliteOutbox(SqliteDatabase database) : IOutbox
{
    public Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<OutgoingMessage>>(
            database.Readers.Read(session => MessageStatements.FindUnsent(session, before, limit)));
    }

    public async Task<IReadOnlyList<OutgoingMessage>> ClaimUnconfirmedAsync(
        DateTimeOffset now, DateTimeOffset before, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken)
    {
        var claimed = await database.Writer.WriteAsync(
            session => MessageStatements.ClaimUnsent(session, now, before, leaseUntil, limit), cancellationToken);

        // An update returns its rows in no order of its own.
        return [.. claimed.OrderBy(message => message.CreatedAt)];
    }

    public Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        return ids.Count == 0 ? Task.CompletedTask : database.Writer.WriteAsync(Delete, cancellationToken);

        bool Delete(SqliteSession session)
        {
            foreach (var id in ids)
            {
                MessageStatements.DeleteSent(session, id);
            }

            return true;
        }
    }
}
