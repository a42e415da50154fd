using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Faults;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>Deletes the rows of messages that the broker has confirmed, many at once.</summary>
internal sealed class ConfirmedMessages(IOutbox outbox, MessagesInHand inHand, TimeProvider clock, ILogger<ConfirmedMessages> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<Guid> _confirmed = Channel.CreateUnbounded<Guid>();
    private long _lastAt = clock.GetTimestamp();

    /// <summary>How long ago the broker last confirmed a message.</summary>
    public TimeSpan SinceLast => clock.GetElapsedTime(Interlocked.Read(ref _lastAt));

    public void Add(Guid id)
    {
        Interlocked.Exchange(ref _lastAt, clock.GetTimestamp());
        _confirmed.Writer.TryWrite(id);
    }

    /// <summary>Deletes what is confirmed by now.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        while (_confirmed.Reader.TryPeek(out _))
        {
            var batch = new List<Guid>(BatchSize);
            while (batch.Count < BatchSize && _confirmed.Reader.TryRead(out var id))
            {
                batch.Add(id);
            }

            await DeleteAsync(batch, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _confirmed.Reader.WaitToReadAsync(stoppingToken))
        {
            await DeleteAsync(stoppingToken);
        }
    }

    private async Task DeleteAsync(List<Guid> batch, CancellationToken cancellationToken)
    {
        FaultPoints.Pass(FaultPoint.Confirmed);
        while (!await TryDeleteAsync(batch))
        {
            await Task.Delay(Pause, clock, cancellationToken);
        }

        batch.ForEach(inHand.Release);
    }

    private async Task<bool> TryDeleteAsync(List<Guid> batch)
    {
        try
        {
            await outbox.DeleteAsync(batch, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            logger.OutgoingNotDeleted(batch[0], exception);
            return false;
        }
    }
}
