using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>Where an activity is answered over HTTP: for whoever hands a task token to another service.</summary>
public static class SagaFlowCallbackUrl
{
    /// <summary>Returns the address to which an answer of this kind is posted. It holds no token, and none belongs into it.</summary>
    /// <param name="baseAddress">The host's address as the other service sees it, with the prefix given to <c>MapSagaFlowCallbacks</c>.</param>
    /// <param name="kind">What will be said.</param>
    public static Uri Of(Uri baseAddress, AnswerKind kind)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        return new Uri(baseAddress.AbsoluteUri.TrimEnd('/') + kind.ToCallbackPath());
    }
}
