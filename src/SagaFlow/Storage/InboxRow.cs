namespace SagaFlow.Storage;

/// <summary>One row of <c>inbox</c>; the first three columns are its key.</summary>
internal sealed record InboxRow(string Endpoint, Guid WorkflowId, Guid MessageId, string BodyHash, DateTimeOffset At);
