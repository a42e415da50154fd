namespace SagaFlow.Storage;

/// <summary>One row of <c>engine</c>: when this engine last said that it is alive.</summary>
internal sealed record EngineRow(string Id, DateTimeOffset AliveAt);
