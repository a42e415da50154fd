using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>Carries outgoing messages away: by the bus, or stepped by a test.</summary>
internal interface IOutgoingSender
{
    /// <summary>Sends one message. Returning means that the transport has accepted it.</summary>
    Task SendAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Whether there is any use in sending now.</summary>
    Task<bool> IsReachableAsync(CancellationToken cancellationToken) => Task.FromResult(true);
}
