using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Storage.Sqlite;

namespace SagaFlow;

/// <summary>What an engine hosts and where it keeps its state: handed to the delegate of <c>AddSagaFlow</c>.</summary>
public sealed class SagaFlowBuilder
{
    private string? _database;
    private bool _durable = true;

    internal SagaFlowBuilder(IServiceCollection services) => Services = services;

    /// <summary>Gets the container that the engine is added to.</summary>
    public IServiceCollection Services { get; }

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
        if (_database is not null)
        {
            throw new SagaFlowException($"Two databases are configured: '{_database}' and '{file}'. Keep one of them.");
        }

        _database = file;
        return this;
    }

    /// <summary>Keeps the state for as long as this process lives and no longer: for tests, which end before the power does.</summary>
    internal void RelaxDurability() => _durable = false;

    internal void AddStore() => Services.AddSqliteStore(DatabaseFile, _durable);

    internal string DatabaseFile => _database ?? "sagaflow.db";
}
