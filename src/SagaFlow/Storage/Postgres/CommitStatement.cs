using Npgsql;
using NpgsqlTypes;

namespace SagaFlow.Storage.Postgres;

/// <summary>The one statement that commits a batch: it is the transaction and the round trip.</summary>
/// <remarks>
/// A change set counts only when all rows that it guards have the version that was loaded, and its message is new. The guarded
/// rows are locked first, each table in the order of its keys, and nobody is waited for: a row that another transaction
/// holds is being changed by it, which is a conflict. Whatever was locked cannot change until the end, so that every part that
/// follows finds the same change sets whole; a loser drops out alone.
/// Rows that are inserted cannot be locked before. Two engines that insert the same one make the second statement fail as a
/// whole (unique violation); run again, it sees the row of the first.
/// </remarks>
internal sealed class CommitStatement
{
    private readonly int[] _first = new int[BatchTables.All.Length];
    private readonly string _text;
    private readonly int _arrived;

    public CommitStatement(string schema)
    {
        // $1 and $2 are the committer and the batch's number; null and null when the transaction is a caller's own.
        var parameter = 3;
        var tables = new List<string>();
        for (var i = 0; i < BatchTables.All.Length; i++)
        {
            _first[i] = parameter;
            tables.Add(BatchTables.All[i].ToCommonTable(parameter, "(select yes from go)"));
            parameter += BatchTables.All[i].Width;
        }

        _arrived = parameter;
        _text = $"with\n{string.Join(",\n", [
            CommitParts.Fence(schema), .. tables, .. CommitParts.Locks(schema), .. CommitParts.Verdict(schema),
            .. CommitParts.Rows(schema), .. CommitParts.Groups(schema), .. CommitParts.Messages(schema, $"${_arrived}"),
            .. CommitParts.Results(schema)])}\n{CommitParts.Answer}";
    }

    /// <summary>Makes the command, to be filled for each batch.</summary>
    public NpgsqlCommand Create(NpgsqlConnection connection, NpgsqlTransaction? transaction = null)
    {
        var command = new NpgsqlCommand(_text, connection, transaction);
        command.Parameters.Add(new NpgsqlParameter<long?> { NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter<long?> { NpgsqlDbType = NpgsqlDbType.Bigint });
        foreach (var table in BatchTables.All)
        {
            table.AddParameters(command.Parameters);
        }

        command.Parameters.Add(new NpgsqlParameter<Guid[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        return command;
    }

    /// <summary>Gives the command its rows.</summary>
    /// <param name="command">One that <see cref="Create"/> made.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="committer">Whose batch it is; <see langword="null"/> in a transaction of the caller's.</param>
    /// <param name="batch">The batch's number, greater than all before.</param>
    public void Fill(NpgsqlCommand command, BatchRows rows, long? committer, long? batch)
    {
        ((NpgsqlParameter<long?>)command.Parameters[0]).TypedValue = committer;
        ((NpgsqlParameter<long?>)command.Parameters[1]).TypedValue = batch;
        for (var i = 0; i < BatchTables.All.Length; i++)
        {
            BatchTables.All[i].Fill(command.Parameters, _first[i] - 1, rows);
        }

        ((NpgsqlParameter<Guid[]>)command.Parameters[_arrived - 1]).TypedValue = [.. rows.Arrived];
    }

    /// <summary>Reads one letter of the statement's answer.</summary>
    public static CommitResult ResultOf(char letter) => letter switch
    {
        CommitParts.Committed => CommitResult.Committed,
        CommitParts.Met => CommitResult.CommittedAndMet,
        CommitParts.Duplicate => CommitResult.Duplicate,
        CommitParts.Conflict => CommitResult.Conflict,
        _ => throw new InvalidOperationException($"The commit answered '{letter}', which means nothing."),
    };
}
