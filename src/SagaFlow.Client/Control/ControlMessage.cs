namespace SagaFlow.Client.Control;

/// <summary>What the control queue takes: its <c>kind</c> says which of the records below it is.</summary>
internal abstract record ControlMessage;
