namespace SagaFlow.Storage.Postgres;

/// <summary>How a schema of any earlier version becomes one of this version.</summary>
/// <param name="Version">This version.</param>
/// <param name="Steps">By the version that it leads to: a script, in which <c>{0}</c> stands for the schema's name.</param>
internal sealed record SchemaUpgrades(int Version, IReadOnlyDictionary<int, string> Steps)
{
    /// <summary>Gets the upgrades of this engine. The first version has none.</summary>
    public static SchemaUpgrades Current { get; } = new(SagaFlowDbContext.SchemaVersion, new Dictionary<int, string>());

    /// <summary>Makes the script that leads from a version to this one; from 0 it makes everything.</summary>
    public string Script(string schema, int from) => from == 0
        ? SagaFlowSchema.Script(schema)
        : string.Join('\n', Enumerable.Range(from + 1, Version - from).Select(version => $"""
            {Steps[version].Replace("{0}", schema, StringComparison.Ordinal)};
            insert into {schema}.{TableNames.SchemaVersion} (version, applied_at) values ({version}, {schema}.now());
            """));
}
