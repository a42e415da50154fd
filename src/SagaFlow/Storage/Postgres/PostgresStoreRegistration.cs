using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Storage.Postgres;

/// <summary>Puts the PostgreSQL store behind the storage seam.</summary>
internal static class PostgresStoreRegistration
{
    /// <summary>Registers the seam's services for one schema of a database. Nothing is opened before it is used.</summary>
    public static IServiceCollection AddPostgresStore(this IServiceCollection services, string connectionString, string schema)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new PostgresDatabase(connectionString, schema, provider.GetService<ILoggerFactory>()));
        services.AddSingleton<PostgresHealth>();
        services.AddSingleton<IStoreHealth>(provider => provider.GetRequiredService<PostgresHealth>());
        services.AddSingleton<PostgresCommitter>();
        services.AddSingleton<PostgresLoader>();
        services.AddSingleton<LockedRuns>();
        services.TryAddSingleton(SchemaUpgrades.Current);
        services.AddSingleton<IStoreSchema, PostgresSchema>();
        services.AddSingleton<IStoreClock, PostgresClock>();
        services.AddSingleton<IWorkflowStore, PostgresWorkflowStore>();
        services.AddSingleton<IWorkflowReader, PostgresReader>();
        services.AddSingleton<IAlarmStore, PostgresAlarmStore>();
        services.AddSingleton<IOutbox, PostgresOutbox>();
        services.AddSingleton<IQuarantine, PostgresQuarantine>();
        services.AddSingleton<IEngineRegister, PostgresEngineRegister>();
        return services;
    }
}
