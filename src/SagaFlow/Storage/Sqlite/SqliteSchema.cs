using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Opens the file and creates the tables from the model, in one transaction.</summary>
internal sealed class SqliteSchema(SqliteDatabase database, TimeProvider time) : IStoreSchema
{
    private const string VersionTable = TableNames.SqlitePrefix + TableNames.SchemaVersion;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        database.Open();
        await using var model = new SagaFlowDbContext(database.QueryOptions);
        var script = model.Database.GenerateCreateScript();
        try
        {
            await database.Writer.WriteAsync(session => Prepare(session, script), cancellationToken);
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Describe(database.File, e);
        }
    }

    // Whether the tables were made now.
    private bool Prepare(SqliteSession session, string script)
    {
        if (session.Query("select 1 from sqlite_schema where type = 'table' and name = $1", row => row.Int(), VersionTable).Count == 0)
        {
            session.ExecuteScript(script);
            session.Execute(
                $"insert into {VersionTable} (version, applied_at) values ($1, $2)",
                SagaFlowDbContext.SchemaVersion, SqliteValues.Text(time.GetUtcNow()));
            return true;
        }

        var found = session.Query($"select coalesce(max(version), 0) from {VersionTable}", row => row.Int())[0];
        if (found > SagaFlowDbContext.SchemaVersion)
        {
            throw SqliteErrors.Newer(database.File, found, SagaFlowDbContext.SchemaVersion);
        }

        return false;
    }
}
