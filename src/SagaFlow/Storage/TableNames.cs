namespace SagaFlow.Storage;

/// <summary>The one place that knows how tables are called: <c>sagaflow_workflow</c> on SQLite, <c>workflow</c> in the schema <c>sagaflow</c> elsewhere.</summary>
internal static class TableNames
{
    /// <summary>The schema of databases that have schemas.</summary>
    public const string Schema = "sagaflow";

    /// <summary>SQLite has no schemas, and the file may hold the author's own tables too.</summary>
    public const string SqlitePrefix = "sagaflow_";

    public const string Workflow = "workflow";
    public const string Activity = "activity";
    public const string ActivityGroup = "activity_group";
    public const string History = "history";
    public const string Inbox = "inbox";
    public const string Outbox = "outbox";
    public const string KeptMessage = "kept_message";
    public const string Timer = "timer";
    public const string Quarantine = "quarantine";
    public const string Engine = "engine";
    public const string SchemaVersion = "schema_version";
    public const string Committer = "committer";
}
