namespace SagaFlow.Worker;

/// <summary>The broker has accepted a worker as a consumer (<c>polling:success</c>). That no request comes then is no event.</summary>
public sealed record ConsumingStarted : WorkerEvent;
