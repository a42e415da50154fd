namespace SagaFlow.Storage;

/// <summary>One row of <c>schema_version</c>: a version that the tables were brought to, and when. The highest one counts.</summary>
internal sealed record SchemaVersionRow(int Version, DateTimeOffset AppliedAt);
