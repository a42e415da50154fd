namespace SagaFlow;

/// <summary>How an engine uses its PostgreSQL database: handed to the delegate of <see cref="SagaFlowBuilder.UsePostgres"/>.</summary>
public sealed class PostgresOptions
{
    /// <summary>Gets or sets the schema that holds the engine's tables. Deployments that share a database have a schema each.</summary>
    /// <value>The default is <c>sagaflow</c>. At most 63 characters of [a-z0-9_], not beginning with a digit.</value>
    public string Schema { get; set; } = "sagaflow";
}
