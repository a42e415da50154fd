using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Puts the SQLite store behind the storage seam.</summary>
internal static class SqliteStoreRegistration
{
    /// <summary>Registers the seam's services for one file. Nothing is opened before <see cref="IStoreSchema.PrepareAsync"/>.</summary>
    /// <param name="services">The container.</param>
    /// <param name="file">The database.</param>
    /// <param name="durable">Whether a commit waits for the disk.</param>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string file, bool durable = true)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new SqliteDatabase(file, provider.GetRequiredService<TimeProvider>(), provider.GetService<StatementObserver>()?.Observe, durable));
        services.AddSingleton<IStoreClock, EngineClock>();
        services.AddSingleton<IStoreSchema, SqliteSchema>();
        services.AddSingleton<IWorkflowStore, SqliteWorkflowStore>();
        services.AddSingleton<IWorkflowReader, SqliteReader>();
        services.AddSingleton<IAlarmStore, SqliteAlarmStore>();
        services.AddSingleton<IOutbox, SqliteOutbox>();
        services.AddSingleton<IQuarantine, SqliteQuarantine>();
        services.AddSingleton<IEngineRegister, SqliteEngineRegister>();
        return services;
    }
}
