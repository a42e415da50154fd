using Microsoft.EntityFrameworkCore;

namespace SagaFlow.Storage.Postgres;

/// <summary>The quarantine in PostgreSQL. A message that comes again is there once.</summary>
internal sealed class PostgresQuarantine(PostgresDatabase database) : IQuarantine
{
    public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        StorageLimits.Check(message);

        // Whatever a stranger wrote about it, the message itself is bytes and is kept as it came.
        return database.ExecuteAsync(
            $"""
            insert into {database.Schema}.quarantine (id, endpoint, content_type, body, reason, at, sender, original)
            values ($1, $2, $3, $4, $5, $6, $7::text, $8::bytea) on conflict (id) do nothing
            """,
            cancellationToken,
            message.Id, message.Endpoint, PostgresText.Clean(message.ContentType)!, message.Body, PostgresText.Clean(message.Reason)!, message.At,
            (object?)PostgresText.Clean(message.Sender) ?? DBNull.Value, (object?)message.Original ?? DBNull.Value);
    }

    /// <summary>Reads the newest messages, newest first.</summary>
    public async Task<IReadOnlyList<QuarantinedMessage>> ReadAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Quarantine.AsNoTracking()
                .OrderByDescending(message => message.At)
                .ThenByDescending(message => EF.Property<long>(message, SagaFlowDbContext.OrderColumn))
                .Take(limit),
            cancellationToken);
    }

    public async Task<QuarantinedMessage?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await EntityFrameworkQueryableExtensions.SingleOrDefaultAsync(
            context.Quarantine.AsNoTracking().Where(message => message.Id == id), cancellationToken);
    }

    public async Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await EntityFrameworkQueryableExtensions.ExecuteDeleteAsync(
            context.Quarantine.Where(message => message.Id == id), cancellationToken) > 0;
    }
}
