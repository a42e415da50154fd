namespace SagaFlow.Storage;

/// <summary>How many running workflows of a type stand in a state.</summary>
internal sealed record StateCount(string Type, string State, int DefinitionVersion, int Count);
