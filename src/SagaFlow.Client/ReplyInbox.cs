using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;

namespace SagaFlow.Client;

/// <summary>This process's own queue for receipts. It is connected with the first question and lives as long as the bus.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is disposed never wakes who waits at it; it holds nothing else.")]
internal sealed class ReplyInbox(IBus bus, BusNames names, IIdSource ids, TimeProvider timeProvider, ILogger<ReplyInbox> logger)
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<RawMessage>> _expected = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private string? _queue;

    /// <summary>Gets the queue's name once it can be replied to.</summary>
    public async Task<string> ConnectAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _queue) is { } connected)
        {
            return connected;
        }

        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _queue ??= await ConnectOnceAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Begins to wait for a reply. Call it before the question is sent, and <see cref="Forget"/> afterwards.</summary>
    public Task<RawMessage> Expect(string correlationId) =>
        _expected.GetOrAdd(correlationId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Forget(string correlationId) => _expected.TryRemove(correlationId, out _);

    private async Task<string> ConnectOnceAsync(CancellationToken cancellationToken)
    {
        // Not "<prefix>.": names that begin so are the deployment's, and no receipt is sent there.
        var queue = $"{names.Prefix}-replies-{ids.Next():N}";
        var handle = bus.ConnectReceiveEndpoint(
            new TemporaryQueue(queue), KebabCaseEndpointNameFormatter.Instance, endpoint => RawEndpoint.Configure(endpoint, TakeAsync, timeProvider, logger));
        await EndpointConnecting.WaitAsync([handle], timeProvider, cancellationToken).ConfigureAwait(false);
        return queue;
    }

    private Task TakeAsync(RawMessage message, CancellationToken cancellationToken)
    {
        if (message.CorrelationId is not { } id || !_expected.TryGetValue(id, out var expected))
        {
            // A message that was sent again is answered again.
            logger.ReplyUnexpected(message.CorrelationId);
        }
        else
        {
            expected.TrySetResult(message);
        }

        return Task.CompletedTask;
    }
}
