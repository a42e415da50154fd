namespace SagaFlow.Storage;

/// <summary>Brings the database's tables to this version of the engine.</summary>
internal interface IStoreSchema
{
    /// <summary>Creates or upgrades the tables in one transaction; refuses a database that is newer than this engine, naming both versions.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);
}
