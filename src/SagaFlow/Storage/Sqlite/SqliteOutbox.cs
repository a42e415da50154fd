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
