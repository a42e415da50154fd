using System.Data.Common;

namespace SagaFlow.Storage;

/// <summary>Reads the columns of a row from left to right: the order of the reads is the order of the select list.</summary>
/// <remarks>What a database keeps in a way of its own, its subclass reads.</remarks>
internal abstract class StoredRow(DbDataReader reader)
{
    private int _column;

    protected DbDataReader Reader => reader;

    /// <summary>Goes back to the first column, for the next row.</summary>
    public void Rewind() => _column = 0;

    public string Text() => reader.GetString(_column++);

    public string? TextOrNull() => IsNull() ? null : Text();

    public int Int() => reader.GetInt32(_column++);

    public long? LongOrNull() => IsNull() ? null : reader.GetInt64(_column++);

    public byte[] Bytes() => reader.GetFieldValue<byte[]>(_column++);

    public abstract bool Flag();

    public abstract Guid Id();

    public abstract DateTimeOffset Instant();

    public DateTimeOffset? InstantOrNull() => IsNull() ? null : Instant();

    public T Name<T>() where T : struct, Enum => Enum.Parse<T>(Text());

    public T? NameOrNull<T>() where T : struct, Enum => IsNull() ? null : Name<T>();

    /// <summary>Takes the next column.</summary>
    protected int Next() => _column++;

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
