using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>A start message has no usable business key. Nothing was started.</summary>
public sealed class BusinessKeyException(string message) : SagaFlowException(message);
