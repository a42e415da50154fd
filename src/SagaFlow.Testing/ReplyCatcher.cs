using SagaFlow.Client.Bus;

namespace SagaFlow.Testing;

/// <summary>Takes the engine's replies in place of a bus, so that a test gets the receipt of what it sent.</summary>
internal sealed class ReplyCatcher : IRawBus
{
    /// <summary>The queue that a test's messages name as their reply address.</summary>
    public const string Queue = "harness-replies";

    private readonly Dictionary<string, RawMessage> _replies = new(StringComparer.Ordinal);
    private int _asked;

    /// <summary>Names the next question.</summary>
    public string NextCorrelationId() => $"question-{Interlocked.Increment(ref _asked)}";

    /// <summary>Takes the reply to a question; <see langword="null"/> when there is none.</summary>
    public RawMessage? Take(string correlationId)
    {
        lock (_replies)
        {
            return _replies.Remove(correlationId, out var reply) ? reply : null;
        }
    }

    public Task SendAsync(string queue, RawMessage message, CancellationToken cancellationToken)
    {
        if (queue == Queue && message.CorrelationId is { } correlationId)
        {
            lock (_replies)
            {
                _replies[correlationId] = message;
            }
        }

        return Task.CompletedTask;
    }

    public Task PublishAsync(string exchange, string routingKey, RawMessage message, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public string? QueueAt(Uri address) => null;
}
