using SagaFlow.Contracts;

namespace SagaFlow.Testing;

/// <summary>A workflow is not what a test says it should be, or a test asks for something that cannot be.</summary>
public sealed class HarnessAssertionException(string message) : SagaFlowException(message);
