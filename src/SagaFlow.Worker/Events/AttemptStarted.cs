namespace SagaFlow.Worker;

/// <summary>A request and its arguments have been read, and its handler is called (<c>task:start</c>).</summary>
public sealed record AttemptStarted : AttemptEvent;
