using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Dispatch;

/// <summary>Sends what committed change sets ask for, at once and beside the messages that caused it.</summary>
internal sealed class OutgoingDispatcher(IOutgoingSender sender, TimeProvider clock, ILogger<OutgoingDispatcher> logger)
    : BackgroundService, ICommitListener
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Channel<OutgoingMessage> _waiting = Channel.CreateUnbounded<OutgoingMessage>();

    public void OnCommitted(ChangeSet changes)
    {
        Enqueue(changes.Outgoing);
        Enqueue(changes.Derived);
    }

    /// <summary>Sends messages that a crash left behind.</summary>
    public void Enqueue(IEnumerable<OutgoingMessage> messages)
    {
        foreach (var message in messages)
        {
            _waiting.Writer.TryWrite(message);
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
