using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Keeps a session open and a number of slots at work on it.</summary>
/// <remarks>A slot stops consuming before it acknowledges a run that goes on, and consumes again when the run has ended: so nothing waits
/// unacknowledged behind a running activity, whatever time limits the broker has, and another worker can take it.</remarks>
internal sealed class RabbitMqSlotConsumer(
    string queue, int slots, SlotReceiver receive, Func<CancellationToken, Task<RabbitMqConsumerSession>> open, TimeProvider clock, ILogger logger)
    : ISlotConsumer, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // A run that has just sent its result is about to end: its slot need not leave the queue for that.
    private static readonly TimeSpan Ending = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<RabbitMqConsumerSession> _session = NewSession();
    private Task _running = Task.CompletedTask;

    /// <summary>Begins, and waits for the broker if it is not there.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.WhenAll([KeepSessionAsync(), .. Enumerable.Range(0, slots).Select(_ => RunSlotAsync())]);
        return _ready.Task.WaitAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        try
        {
            await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_session.Task is { IsCompletedSuccessfully: true } session)
            {
                (await session.ConfigureAwait(false)).Dispose();
            }
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task KeepSessionAsync()
    {
        string? said = null;
        while (!_stopping.IsCancellationRequested)
        {
            var reason = await KeepOneSessionAsync(() => said = null).ConfigureAwait(false);
            if (reason is not null && reason != said && !_stopping.IsCancellationRequested)
            {
                logger.ConsumerInterrupted(queue, reason);
                said = reason;
            }

            await PauseAsync().ConfigureAwait(false);
        }
    }

    // Gives the reason why it ended.
    private async Task<string?> KeepOneSessionAsync(Action opened)
    {
        try
        {
            var session = await open(_stopping.Token).ConfigureAwait(false);
            opened();
            _session.TrySetResult(session);
            _ready.TrySetResult();
            var reason = await session.Ended.WaitAsync(_stopping.Token).ConfigureAwait(false);
            _session = NewSession();
            session.Dispose();
            return reason;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The slots settle what they hold; then the session goes.
            return null;
        }
        catch (Exception exception)
        {
            return RabbitMqErrors.Describe(exception);
        }
    }

    private async Task RunSlotAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var session = await _session.Task.WaitAsync(_stopping.Token).ConfigureAwait(false);
                await WorkAsync(session).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Mostly the session broke, which is said elsewhere: what was in hand comes again, and is recognised if it still runs.
                logger.SlotInterrupted(queue, exception);
                await PauseAsync().ConfigureAwait(false);
            }
        }
    }

    // One consumer's life: from the first delivery it takes to the one that outlives it.
    private async Task WorkAsync(RabbitMqConsumerSession session)
    {
        var deliveries = Channel.CreateUnbounded<RabbitMqDelivery>();
        var consumer = await session.ConsumeAsync(deliveries.Writer).ConfigureAwait(false);
        _ = CloseAtEndAsync(session, deliveries.Writer);
        Task busy;
        bool isLeft;
        do
        {
            var delivery = await NextAsync(session, consumer, deliveries.Reader).ConfigureAwait(false);
            busy = await TakeAsync(delivery).ConfigureAwait(false);
            isLeft = !await EndsSoonAsync(busy).ConfigureAwait(false);
            if (isLeft)
            {
                await session.CancelAsync(consumer).ConfigureAwait(false);
            }

            await session.AcknowledgeAsync(delivery.Tag).ConfigureAwait(false);
        }
        while (!isLeft);

        await busy.ConfigureAwait(false);
    }

    private async Task<bool> EndsSoonAsync(Task busy) =>
        busy.IsCompleted || await Task.WhenAny(busy, Task.Delay(Ending, clock)).ConfigureAwait(false) == busy;

    private async Task<RabbitMqDelivery> NextAsync(RabbitMqConsumerSession session, string consumer, ChannelReader<RabbitMqDelivery> deliveries)
    {
        try
        {
            return await deliveries.ReadAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await session.CancelAsync(consumer).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Task> TakeAsync(RabbitMqDelivery delivery)
    {
        try
        {
            return await receive(delivery.Message, _stopping.Token).ConfigureAwait(false);
        }
        catch
        {
            await delivery.Session.GiveBackAsync(delivery.Tag).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task CloseAtEndAsync(RabbitMqConsumerSession session, ChannelWriter<RabbitMqDelivery> deliveries)
    {
        await session.Ended.ConfigureAwait(false);
        deliveries.TryComplete();
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pause, clock, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private static TaskCompletionSource<RabbitMqConsumerSession> NewSession() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
