using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>What was given is no task token, so that nothing was sent.</summary>
public sealed class MalformedTaskTokenException : SagaFlowException
{
    internal MalformedTaskTokenException(string problem)
        : base($"Malformed task token: {problem}. Nothing was sent. Use the token exactly as the activity's request carried it.")
    {
    }
}
