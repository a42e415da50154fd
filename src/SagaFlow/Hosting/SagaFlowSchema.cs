using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Storage.Postgres;

namespace SagaFlow;

/// <summary>The tables of an engine that keeps its state in PostgreSQL, for whoever prepares the database by hand.</summary>
public static partial class SagaFlowSchema
{
    /// <summary>Gets the version of the tables that this engine works with.</summary>
    public static int Version => SagaFlowDbContext.SchemaVersion;

    /// <summary>Prints the script that makes the schema with all its tables, or that upgrades it. An engine whose role may create schemas runs it by itself
    /// at its start; any other role then needs <c>usage</c> of the schema and <c>select, insert, update, delete</c> of its tables.</summary>
    /// <param name="schema">The schema's name: see <see cref="PostgresOptions.Schema"/>.</param>
    /// <param name="fromVersion">The version of the tables that are there; 0, the default, when there are none. An engine that may not upgrade them
    /// names it as it refuses to start. From <see cref="Version"/> on there is nothing to do, and the script is empty.</param>
    /// <exception cref="SagaFlowException">The name has another form, or there has been no such version.</exception>
    public static string Script(string schema = TableNames.Schema, int fromVersion = 0) => fromVersion switch
    {
        0 => Creation(CheckName(schema)),
        > 0 when fromVersion <= Version => SchemaUpgrades.Current.Script(CheckName(schema), fromVersion),
        _ => throw new SagaFlowException($"The tables have versions from 1 to {Version} in this SagaFlow; {fromVersion} is none of them."),
    };

    private static string Creation(string schema)
    {
        using var model = new SagaFlowDbContext(PostgresDatabase.Model(builder => builder.UseNpgsql()), schema);
        return $"""
            {model.Database.GenerateCreateScript()}
            -- The one clock of all engines that share these tables.
            create function {schema}.now() returns timestamptz language sql volatile as 'select clock_timestamp()';

            insert into {schema}.{TableNames.SchemaVersion} (version, applied_at) values ({Version}, {schema}.now());

            """;
    }

    // The name stands in every statement as it is: it must need no quotes.
    internal static string CheckName(string schema) => NameForm().IsMatch(schema)
        ? schema
        : throw new SagaFlowException($"Schema name '{schema}' is not 1 to 63 characters of [a-z0-9_] that do not begin with a digit.");

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
