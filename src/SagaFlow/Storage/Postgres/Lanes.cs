using NpgsqlTypes;

namespace SagaFlow.Storage.Postgres;

/// <summary>Columns by the type of their values.</summary>
internal static class Lanes<TRow>
{
    public static Lane<TRow> Id(string column, Func<TRow, Guid> value) => new Lane<TRow, Guid>(column, "uuid", NpgsqlDbType.Uuid, value);

    public static Lane<TRow> IdOrNull(string column, Func<TRow, Guid?> value) => new Lane<TRow, Guid?>(column, "uuid", NpgsqlDbType.Uuid, value);

    public static Lane<TRow> Text(string column, Func<TRow, string?> value) => new TextLane<TRow>(column, value);

    public static Lane<TRow> Int(string column, Func<TRow, int> value) => new Lane<TRow, int>(column, "int", NpgsqlDbType.Integer, value);

    public static Lane<TRow> IntOrNull(string column, Func<TRow, int?> value) => new Lane<TRow, int?>(column, "int", NpgsqlDbType.Integer, value);

    public static Lane<TRow> LongOrNull(string column, Func<TRow, long?> value) => new Lane<TRow, long?>(column, "bigint", NpgsqlDbType.Bigint, value);

    public static Lane<TRow> Flag(string column, Func<TRow, bool> value) => new Lane<TRow, bool>(column, "boolean", NpgsqlDbType.Boolean, value);

    public static Lane<TRow> Bytes(string column, Func<TRow, byte[]> value) => new BytesLane<TRow>(column, value);

    public static Lane<TRow> Instant(string column, Func<TRow, DateTimeOffset> value) =>
        new Lane<TRow, DateTimeOffset>(column, "timestamptz", NpgsqlDbType.TimestampTz, row => value(row).ToUniversalTime());

    public static Lane<TRow> InstantOrNull(string column, Func<TRow, DateTimeOffset?> value) =>
        new Lane<TRow, DateTimeOffset?>(column, "timestamptz", NpgsqlDbType.TimestampTz, row => value(row)?.ToUniversalTime());
}
