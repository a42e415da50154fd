using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Ingress;

namespace SagaFlow.Testing;

/// <summary>Hands answers to the engine as bytes, through the endpoint that a queue would use, and reads the receipt.</summary>
internal sealed class AnswerGate(AnswerEndpoint endpoint, ReplyCatcher replies)
{
    public Task<Receipt> SendAsync(ActivityAnswer answer) => SendAsync(WireJson.Write(answer));

    public async Task<Receipt> SendAsync(ReadOnlyMemory<byte> body)
    {
        var question = replies.NextCorrelationId();
        await endpoint.HandleAsync(
            new RawMessage { Body = body, ReplyTo = ReplyCatcher.Queue, CorrelationId = question }, CancellationToken.None);
        var reply = replies.Take(question) ?? throw new InvalidOperationException("The engine gave no receipt.");
        return WireJson.TryReadReceipt(reply.Body, out var receipt, out var problem)
            ? receipt
            : throw new InvalidOperationException($"The engine's receipt cannot be read: {problem.Detail}");
    }
}
