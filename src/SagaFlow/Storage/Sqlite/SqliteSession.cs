using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SagaFlow.Storage.Sqlite;

/// <summary>One open connection with its prepared statements. Used by one caller at a time.</summary>
/// <param name="connection">An open connection, owned by this session.</param>
/// <param name="observe">Told every statement before it runs; <see langword="null"/> for nobody.</param>
internal sealed class SqliteSession(SqliteConnection connection, Action<string>? observe) : IDisposable
{
    // One entry for each statement in the code: the texts are constants, values always travel as parameters.
    private readonly Dictionary<string, SqliteCommand> _prepared = [];

    /// <summary>Gets whether a transaction is open. SQLite ends one by itself when the disk is full or fails.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Runs a statement with its values as <c>$1</c>, <c>$2</c>, … and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Runs a statement with its values as <c>$1</c>, <c>$2</c>, … and reads all its rows.</summary>
    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var row = new SqliteRow(reader);
        var rows = new List<T>();
        while (reader.Read())
        {
            row.Rewind();
            rows.Add(read(row));
        }

        return rows;
    }

    /// <summary>Runs statements that are used once, such as a script.</summary>
    public void ExecuteScript(string sql)
    {
        observe?.Invoke(sql);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        observe?.Invoke(sql);
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i}", null));
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
