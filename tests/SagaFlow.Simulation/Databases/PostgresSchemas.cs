using System.Collections.Concurrent;
using Npgsql;

namespace SagaFlow.Simulation.Databases;

/// <summary>Schemas of one PostgreSQL server: as many as worlds run at once, each emptied for the next world.</summary>
/// <param name="server">A connection string of somebody who may create schemas.</param>
internal sealed class PostgresSchemas(string server) : IPipeDatabases
{
    private readonly ConcurrentBag<PostgresSlot> _free = [];
    private readonly ConcurrentBag<PostgresSlot> _all = [];
    private int _made;

    public bool KeepsMicroseconds => true;

    public async Task<IPipeDatabase> RentAsync()
    {
        if (!_free.TryTake(out var schema))
        {
            // Runs that share a server do not meet.
            schema = await PostgresSlot.CreateAsync(server, $"simulation_{Environment.ProcessId}_{Interlocked.Increment(ref _made)}", _free.Add);
            _all.Add(schema);
        }

        await schema.EmptyAsync();
        return schema;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var schema in _all)
        {
            await schema.DropAsync();
        }
    }

    /// <summary>Reads a connection string, for people who have mistyped it.</summary>
    public static string Check(string text) => new NpgsqlConnectionStringBuilder(text).ConnectionString;
}
