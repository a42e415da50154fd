using SagaFlow.Client.Bus;
using SagaFlow.Joins;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Testing;

/// <summary>Hands join messages to the engine through the endpoint that their queue would use, signed as they would be there.</summary>
internal sealed class JoinGate(JoinEndpoint endpoint, InternalMac mac)
{
    public Task SendAsync(OutgoingMessage message) =>
        endpoint.HandleAsync(mac.Sign(new RawMessage { Body = message.Body }), CancellationToken.None);
}
