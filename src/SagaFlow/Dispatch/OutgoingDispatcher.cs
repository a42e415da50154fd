using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Faults;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Dispatch;

/// <summary>Sends what committed change sets ask for, at once and beside the messages that caused it.</summary>
/// <remarks>In memory: one after the other, and what fails is tried again here. On a broker: many at a time, and what fails is the
/// sweep's, which finds it in the outbox.</remarks>
internal sealed class OutgoingDispatcher(
    IOutgoingSender sender, TransportTraits transport, MessagesInHand inHand, ConfirmedMessages confirmed, SendFailures failures,
    TimeProvider clock, ILogger<OutgoingDispatcher> logger)
    : BackgroundService, ICommitListener
{
    // As many as the connection has outstanding, so that the channel is never idle.
    private const int AtATime = 256;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Channel<OutgoingMessage> _waiting = Channel.CreateUnbounded<OutgoingMessage>();

    public void OnCommitted(ChangeSet changes)
    {
        Enqueue(changes.Outgoing);
        Enqueue(changes.Derived);
    }

    /// <summary>Sends messages, such as those that a crash left behind.</summary>
    public void Enqueue(IEnumerable<OutgoingMessage> messages)
    {
        foreach (var message in messages)
        {
            if (!transport.KeepsMessages || inHand.TryTake(message.Id))
            {
                _waiting.Writer.TryWrite(message);
            }
        }
    }

    /// <summary>Sends what waits now, for a test that steps the engine: a failure is the test's to see.</summary>
    public async Task SendWaitingAsync(CancellationToken cancellationToken)
    {
        while (_waiting.Reader.TryRead(out var message))
        {
            await sender.SendAsync(message, cancellationToken);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        transport.KeepsMessages ? SendManyAsync(stoppingToken) : SendInOrderAsync(stoppingToken);

    private async Task SendManyAsync(CancellationToken stoppingToken)
    {
        using var room = new SemaphoreSlim(AtATime, AtATime);
        await foreach (var message in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            await room.WaitAsync(stoppingToken);
            _ = SendStoredAsync(message, room);
        }
    }

    private async Task SendStoredAsync(OutgoingMessage message, SemaphoreSlim room)
    {
        // It is finished when the engine stops: what is on its way is most likely confirmed.
        await Task.Yield();
        FaultPoints.Pass(FaultPoint.Dispatching);
        try
        {
            await sender.SendAsync(message, CancellationToken.None);
            Confirm(message);
        }
        catch (Exception exception)
        {
            failures.Note(message, exception);
            inHand.Release(message.Id);
        }

        Release(room);
    }

    // A join has no row.
    private void Confirm(OutgoingMessage message)
    {
        if (message.Kind == OutgoingKind.Join)
        {
            inHand.Release(message.Id);
        }
        else
        {
            confirmed.Add(message.Id);
        }
    }

    private static void Release(SemaphoreSlim room)
    {
        try
        {
            room.Release();
        }
        catch (ObjectDisposedException)
        {
            // The engine has stopped.
        }
    }

    private async Task SendInOrderAsync(CancellationToken stoppingToken)
    {
        await foreach (var message in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            if (!await TrySendAsync(message, stoppingToken))
            {
                // Beside the line, so that one message nobody takes does not hold up the others.
                _ = SendLaterAsync(message, stoppingToken);
            }
        }
    }

    private async Task SendLaterAsync(OutgoingMessage message, CancellationToken stoppingToken)
    {
        try
        {
            var pause = ShortestPause;
            do
            {
                await Task.Delay(pause, clock, stoppingToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            while (!await TrySendAsync(message, stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The engine stops; the next start sends what has not arrived.
        }
    }

    private async Task<bool> TrySendAsync(OutgoingMessage message, CancellationToken stoppingToken)
    {
        try
        {
            await sender.SendAsync(message, stoppingToken);
            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            logger.OutgoingNotSent(message.Kind, message.WorkflowId, exception);
            return false;
        }
    }
}
