namespace SagaFlow.Storage;

/// <summary>A message of the author's that came before a state that handles it. Released in the order of arrival.</summary>
internal sealed record KeptMessage(Guid WorkflowId, Guid MessageId, string EventName, string Body, DateTimeOffset At);
