using Microsoft.EntityFrameworkCore;

namespace SagaFlow.Storage.Sqlite;

/// <summary>The quarantine in SQLite. A message that comes again is there once.</summary>
internal sealed class SqliteQuarantine(SqliteDatabase database) : IQuarantine
{
    private static readonly string InsertText = StatementText.Insert(
        TableNames.SqlitePrefix + TableNames.Quarantine, "id", "endpoint", "content_type", "body", "reason", "at", "sender", "original")
        + " on conflict (id) do nothing";

    public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        StorageLimits.Check(message);
        return database.Writer.WriteAsync(
            session => session.Execute(
                InsertText,
                SqliteValues.Text(message.Id), message.Endpoint, message.ContentType, message.Body, message.Reason, SqliteValues.Text(message.At),
                message.Sender, message.Original),
            cancellationToken);
    }

    /// <summary>Reads the newest messages, newest first.</summary>
    public async Task<IReadOnlyList<QuarantinedMessage>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = new SagaFlowDbContext(database.QueryOptions);
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Quarantine.FromSqlRaw(
                $"select * from {TableNames.SqlitePrefix + TableNames.Quarantine} order by at desc, rowid desc limit {{0}}", limit).AsNoTracking(),
            cancellationToken);
    }

    public async Task<QuarantinedMessage?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = new SagaFlowDbContext(database.QueryOptions);
        return await EntityFrameworkQueryableExtensions.SingleOrDefaultAsync(
            context.Quarantine.AsNoTracking().Where(message => message.Id == id), cancellationToken);
    }

    public Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken) => database.Writer.WriteAsync(
        session => session.Execute($"delete from {TableNames.SqlitePrefix + TableNames.Quarantine} where id = $1", SqliteValues.Text(id)) > 0,
        cancellationToken);
}
