using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SagaFlow.Client;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage.Postgres;
using SagaFlow.Storage.Sqlite;
using SagaFlow.Tokens;

namespace SagaFlow;

/// <summary>What an engine hosts and where it keeps its state: handed to the delegate of <c>AddSagaFlow</c>.</summary>
public sealed class SagaFlowBuilder
{
    private string? _database;
    private (string ConnectionString, PostgresOptions Options)? _postgres;
    private TokenKeyOptions? _keys;
    private bool _durable = true;

    internal SagaFlowBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the container that the engine is added to.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Whether the keys of task tokens come from the configuration, where they may change.</summary>
    internal bool KeysAreConfigured => _keys is null && _postgres is not null;

    internal List<string> WorkflowTypes { get; } = [];

    /// <summary>Hosts a workflow.</summary>
    /// <param name="type">Its name on the wire and in the database, in kebab case, at most 64 characters; by default the machine's
    /// class name without <c>Workflow</c>, so that <c>DataRoutingWorkflow</c> is <c>data-routing</c>. It must not change while
    /// workflows of it run.</param>
    /// <typeparam name="TMachine">The state machine.</typeparam>
    /// <typeparam name="TInstance">Its state.</typeparam>
    public SagaFlowBuilder AddWorkflow<TMachine, TInstance>(string? type = null)
        where TMachine : WorkflowStateMachine<TInstance>
        where TInstance : WorkflowInstance
    {
        var name = type ?? WorkflowTypeName.Of(typeof(TMachine));
        WorkflowTypeName.Check(name);
        if (WorkflowTypes.Contains(name, StringComparer.Ordinal))
        {
            throw new SagaFlowException($"Two workflows are registered as '{name}'. Give one of them another type name in AddWorkflow.");
        }

        WorkflowTypes.Add(name);
        WorkflowRegistration.Add<TMachine, TInstance>(Services, name);
        return this;
    }

    /// <summary>Keeps the state in an SQLite file, for one engine. The file, its key (<c>&lt;file&gt;.key</c>, mode 0600) and its
    /// lock (<c>&lt;file&gt;.lock</c>) are created when they are missing.</summary>
    /// <param name="file">The file's path; the default without this call is <c>sagaflow.db</c> in the working directory.</param>
    public SagaFlowBuilder UseSqlite(string file)
    {
        RefuseSecond(file);
        _database = file;
        return this;
    }

    /// <summary>Puts the engine's bus on a RabbitMQ broker, in place of the transport inside the process: then workers and clients may be
    /// other processes, and services in any language.</summary>
    /// <inheritdoc cref="SagaFlowClientOptions.UseRabbitMq"/>
    public SagaFlowBuilder UseRabbitMq(string address)
    {
        _ = RabbitMqAddress.Parse(address);
        Services.Configure<SagaFlowClientOptions>(options => options.UseRabbitMq(address));
        return this;
    }

    /// <summary>Keeps the state in PostgreSQL, which any number of engines share. The tables are made at the first start.</summary>
    /// <param name="connectionString">Where the database is, such as <c>Host=db;Database=orders;Username=sagaflow;Password=...</c>. Direct
    /// connections, or a pooler that keeps a session for each of them: the engine holds two prepared ones for as long as it runs. It opens at
    /// most 32, unless <c>Maximum Pool Size</c> says otherwise.</param>
    /// <param name="configure">Sets what has other values than the defaults.</param>
    /// <remarks>The keys of task tokens come from <see cref="UseTokenKeys"/>, or from the configuration section <c>SagaFlow:TokenKeys</c>;
    /// without them the engine does not start. The clock of the database decides about deadlines. A server that cannot be reached at the
    /// start, or goes away in the middle of it, is waited for, up to two minutes; a wrong password, a missing right or a newer schema ends
    /// the start at once.</remarks>
    public SagaFlowBuilder UsePostgres(string connectionString, Action<PostgresOptions>? configure = null)
    {
        RefuseSecond("PostgreSQL");
        var options = new PostgresOptions();
        configure?.Invoke(options);
        SagaFlowSchema.CheckName(options.Schema);
        _database = "PostgreSQL";
        _postgres = (connectionString, options);
        return this;
    }

    /// <summary>Signs task tokens with these keys, instead of a key file (SQLite) or the configuration section
    /// <c>SagaFlow:TokenKeys</c> (PostgreSQL).</summary>
    public SagaFlowBuilder UseTokenKeys(Action<TokenKeyOptions> configure)
    {
        var options = new TokenKeyOptions();
        configure(options);
        _keys = options;
        return this;
    }

    /// <summary>Keeps the state for as long as this process lives and no longer: for tests, which end before the power does.</summary>
    internal void RelaxDurability() => _durable = false;

    internal void AddStore()
    {
        if (_postgres is var (connectionString, options))
        {
            Services.AddPostgresStore(connectionString, options.Schema);

            // Other engines may share it.
            Services.AddHostedService<ResultPolling>();
        }
        else
        {
            Services.AddSqliteStore(_database ?? "sagaflow.db", _durable);
        }
    }

    /// <summary>Makes the key ring once everything is configured.</summary>
    internal KeyRing MakeKeys(IServiceProvider provider) => _keys is null && _postgres is null
        ? new KeyRing(KeyFile.ReadOrCreate(provider.GetRequiredService<SqliteDatabase>().File))
        : ConfiguredKeys.ToRing(
            _keys ?? ConfiguredKeys.Read(provider.GetService<IConfiguration>()),
            provider.GetService<IHostEnvironment>()?.IsDevelopment() == true);

    private void RefuseSecond(string database)
    {
        if (_database is not null)
        {
            throw new SagaFlowException($"Two databases are configured: '{_database}' and '{database}'. Keep one of them.");
        }
    }
}
