using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>A stranger's payload does not fit the type by which the workflow reads it.</summary>
internal sealed class UnreadablePayloadException(string what, string problem, Exception cause)
    : SagaFlowException($"The {what} cannot be read: {problem}", cause)
{
    /// <summary>The type of the failure that its workflow ends with.</summary>
    public const string FailureType = "UnreadablePayload";
}
