using Microsoft.Data.Sqlite;

namespace SagaFlow.Storage.Sqlite;

/// <summary>A row of SQLite: see <see cref="SqliteValues"/>.</summary>
internal sealed class SqliteRow(SqliteDataReader reader) : StoredRow(reader)
{
    public override bool Flag() => Reader.GetInt64(Next()) != 0;

    public override Guid Id() => Guid.Parse(Text());

    public override DateTimeOffset Instant() => SqliteValues.Instant(Text());
}
