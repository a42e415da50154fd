using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>A row of PostgreSQL, whose columns have the types of their values.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : StoredRow(reader)
{
    public override bool Flag() => Reader.GetBoolean(Next());

    public override Guid Id() => Reader.GetGuid(Next());

    public override DateTimeOffset Instant() => Reader.GetFieldValue<DateTimeOffset>(Next());
}
