using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus;

/// <summary>Deliveries of a receive endpoint wait here until a slot takes them.</summary>
internal sealed class EndpointSlotConsumer(string queue, IRawBus bus, ILogger logger) : ISlotConsumer
{
    /// <summary>How many deliveries the endpoint hands over at once: as many as there can be slots, so that their number may change.</summary>
    public const int MostInHand = 1000;

    private readonly Channel<Delivery> _waiting = Channel.CreateUnbounded<Delivery>();
    private readonly ConcurrentQueue<RawMessage> _left = new();
    private HostReceiveEndpointHandle? _endpoint;

    public void Begin(HostReceiveEndpointHandle endpoint) => _endpoint = endpoint;

    /// <summary>Takes a delivery of the endpoint's; returns when it may be acknowledged.</summary>
    public Task DeliverAsync(RawMessage message, CancellationToken cancellationToken)
    {
        var delivery = new Delivery(message);
        if (!_waiting.Writer.TryWrite(delivery))
        {
            _left.Enqueue(message);
            return Task.CompletedTask;
        }

        return delivery.Settled.Task;
    }

    public async Task ConsumeAsync(SlotReceiver receive, Action consuming, CancellationToken leaving)
    {
        consuming();
        while (true)
        {
            leaving.ThrowIfCancellationRequested();
            var busy = await TakeAsync(await _waiting.Reader.ReadAsync(leaving).ConfigureAwait(false), receive, leaving).ConfigureAwait(false);
            await busy.ConfigureAwait(false);
        }
    }

    /// <summary>Disconnects the endpoint. What no slot has taken goes back to the queue: this transport would drop it.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out var delivery))
        {
            PutBack(delivery);
        }

        if (Interlocked.Exchange(ref _endpoint, null) is { } endpoint)
        {
            await endpoint.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        while (_left.TryDequeue(out var message))
        {
            await SendBackAsync(message).ConfigureAwait(false);
        }
    }

    private async Task<Task> TakeAsync(Delivery delivery, SlotReceiver receive, CancellationToken leaving)
    {
        try
        {
            var busy = await receive(delivery.Message, leaving).ConfigureAwait(false);
            delivery.Settled.TrySetResult();
            return busy;
        }
        catch (OperationCanceledException)
        {
            // The slot leaves. Another may have the delivery, or whoever consumes the queue next.
            if (!_waiting.Writer.TryWrite(delivery))
            {
                PutBack(delivery);
            }

            throw;
        }
        catch (Exception exception)
        {
            delivery.Settled.TrySetException(exception);
            throw;
        }
    }

    private void PutBack(Delivery delivery)
    {
        _left.Enqueue(delivery.Message);
        delivery.Settled.TrySetResult();
    }

    private async Task SendBackAsync(RawMessage message)
    {
        try
        {
            await bus.SendAsync(queue, message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // As when the process ends: the engine, which is in it too, hands the attempt out again at its next start.
            logger.DeliveryNotPutBack(exception, message.MessageId, queue);
        }
    }

    private sealed record Delivery(RawMessage Message)
    {
        public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
