using Npgsql;
using NpgsqlTypes;

namespace SagaFlow.Storage.Postgres;

/// <summary>One column of many rows: an array that is one parameter of the statement.</summary>
internal abstract class Lane<TRow>(string column, string type)
{
    public string Column => column;

    public string Type => type;

    public abstract NpgsqlParameter Create();

    public abstract void Fill(NpgsqlParameter parameter, List<Placed<TRow>> rows);

    /// <summary>Refuses what the database cannot keep; how many bytes the value has.</summary>
    public abstract int Check(string table, TRow row);
}

/// <summary>A column whose values have one type.</summary>
internal class Lane<TRow, TValue>(string column, string type, NpgsqlDbType databaseType, Func<TRow, TValue> value) : Lane<TRow>(column, type)
{
    protected Func<TRow, TValue> Value => value;

    public override NpgsqlParameter Create() => new NpgsqlParameter<TValue[]> { NpgsqlDbType = NpgsqlDbType.Array | databaseType };

    public override void Fill(NpgsqlParameter parameter, List<Placed<TRow>> rows)
    {
        var values = rows.Count == 0 ? [] : new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(rows[i].Row);
        }

        ((NpgsqlParameter<TValue[]>)parameter).TypedValue = values;
    }

    public override int Check(string table, TRow row) => 16;
}

/// <summary>A column of text, which must be kept as it is.</summary>
internal sealed class TextLane<TRow>(string column, Func<TRow, string?> value) : Lane<TRow, string?>(column, "text", NpgsqlDbType.Text, value)
{
    public override int Check(string table, TRow row) => PostgresText.CountBytes($"Column '{Column}' of table '{table}'", Value(row));
}

/// <summary>A column of bytes.</summary>
internal sealed class BytesLane<TRow>(string column, Func<TRow, byte[]> value) : Lane<TRow, byte[]>(column, "bytea", NpgsqlDbType.Bytea, value)
{
    public override int Check(string table, TRow row) => Value(row).Length;
}

/// <summary>A row, and the number of its change set in the batch.</summary>
internal readonly record struct Placed<TRow>(int Place, TRow Row);
