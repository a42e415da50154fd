using Microsoft.EntityFrameworkCore;

namespace SagaFlow.Storage.Sqlite;

/// <summary>The quarantine in SQLite. A message that comes again is there once.</summary>
internal sealed class SqliteQuarantine(SqliteDatabase database) : IQuarantine
{
    private static readonly string InsertText = StatementText.Insert(
        TableNames.SqlitePrefix + TableNames.Quarantine, "id", "endpoint", "content_type", "body", "reason", "at")
        + " on conflict (id) do nothing";

    public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        StorageLimits.Check(message);
        return database.Writer.WriteAsync(
            session => session.Execute(
                InsertText,
                SqliteValues.Text(message.Id), message.Endpoint, message.ContentType, message.Body, message.Reason, SqliteValues.Text(message.At)),
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
}
