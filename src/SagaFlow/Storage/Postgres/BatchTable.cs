using Npgsql;

namespace SagaFlow.Storage.Postgres;

/// <summary>The rows that a batch has for one purpose, as a named part of the statement.</summary>
internal abstract class BatchTable(string name)
{
    public string Name => name;

    /// <summary>How many parameters it takes.</summary>
    public abstract int Width { get; }

    /// <summary>The part of the statement that makes rows of the parameters. <c>place</c> numbers the change set, <c>n</c> the row.</summary>
    public abstract string ToCommonTable(int firstParameter, string condition);

    public abstract void AddParameters(NpgsqlParameterCollection parameters);

    public abstract void Fill(NpgsqlParameterCollection parameters, int firstParameter, BatchRows rows);
}

/// <summary>The rows of one kind.</summary>
/// <param name="name">Its name in the statement.</param>
/// <param name="rows">Finds its rows.</param>
/// <param name="lanes">Its columns.</param>
internal sealed class BatchTable<TRow>(string name, Func<BatchRows, List<Placed<TRow>>> rows, params Lane<TRow>[] lanes) : BatchTable(name)
{
    private static readonly Lane<Placed<TRow>, int> Place = new("place", "int", NpgsqlTypes.NpgsqlDbType.Integer, x => x.Place);

    public IEnumerable<string> Columns => lanes.Select(lane => lane.Column);

    public override int Width => lanes.Length + 1;

    public override string ToCommonTable(int firstParameter, string condition)
    {
        var arrays = lanes.Select((lane, i) => $"${firstParameter + 1 + i}::{lane.Type}[]").Prepend($"${firstParameter}::int[]");
        return $"""
            {Name} as materialized (
                select * from unnest({string.Join(", ", arrays)}) with ordinality as u(place, {string.Join(", ", Columns)}, n) where {condition})
            """;
    }

    public override void AddParameters(NpgsqlParameterCollection parameters)
    {
        parameters.Add(Place.Create());
        foreach (var lane in lanes)
        {
            parameters.Add(lane.Create());
        }
    }

    public override void Fill(NpgsqlParameterCollection parameters, int firstParameter, BatchRows batch)
    {
        var mine = rows(batch);
        ((NpgsqlParameter<int[]>)parameters[firstParameter]).TypedValue = [.. mine.Select(row => row.Place)];
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i].Fill(parameters[firstParameter + 1 + i], mine);
        }
    }

    /// <summary>Refuses what the database cannot keep; how many bytes the row has.</summary>
    public int Check(TRow row)
    {
        var bytes = 0;
        foreach (var lane in lanes)
        {
            bytes += lane.Check(Name, row);
        }

        return bytes;
    }
}
