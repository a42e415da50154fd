using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>Reads the columns of a row from left to right: the order of the reads is the order of the select list.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader)
{
    private int _column;

    /// <summary>Goes back to the first column, for the next row.</summary>
    public void Rewind() => _column = 0;

    public string Text() => reader.GetString(_column++);

    public string? TextOrNull() => IsNull() ? null : Text();

    public int Int() => reader.GetInt32(_column++);

    public int? IntOrNull() => IsNull() ? null : Int();

    public long? LongOrNull() => IsNull() ? null : reader.GetInt64(_column++);

    public bool Flag() => reader.GetBoolean(_column++);

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_column++);

    public Guid Id() => reader.GetGuid(_column++);

    public DateTimeOffset Instant() => reader.GetFieldValue<DateTimeOffset>(_column++);

    public DateTimeOffset? InstantOrNull() => IsNull() ? null : Instant();

    public T Name<T>() where T : struct, Enum => Enum.Parse<T>(Text());

    public T? NameOrNull<T>() where T : struct, Enum => IsNull() ? null : Name<T>();

    private bool IsNull()
    {
        if (!reader.IsDBNull(_column))
        {
            return false;
        }

        _column++;
        return true;
    }
}
