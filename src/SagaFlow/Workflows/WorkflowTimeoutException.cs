using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>A start message gives its workflow a time that cannot be kept. Nothing was started.</summary>
public sealed class WorkflowTimeoutException(string message) : SagaFlowException(message);
