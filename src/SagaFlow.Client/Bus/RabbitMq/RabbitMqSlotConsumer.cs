using System.Threading.Channels;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Consumes a queue for its slots, each with a consumer of its own on one session.</summary>
/// <remarks>A slot stops consuming before it acknowledges a run that goes on, and consumes again when the run has ended: so nothing waits
/// unacknowledged behind a running activity, whatever time limits the broker has, and another worker can take it.</remarks>
internal sealed class RabbitMqSlotConsumer(string queue, RabbitMqSharedSession sessions, TimeProvider clock) : ISlotConsumer
{
    // A run that has just sent its result is about to end: its slot need not leave the queue for that.
    private static readonly TimeSpan Ending = TimeSpan.FromMilliseconds(20);

    // From one consumer's first delivery to the one that outlives it.
    public async Task ConsumeAsync(SlotReceiver receive, Action consuming, CancellationToken leaving)
    {
        var session = await OnBroker(() => sessions.GetAsync().WaitAsync(leaving), leaving).ConfigureAwait(false);
        var deliveries = Channel.CreateUnbounded<RabbitMqDelivery>();
        var consumer = await OnBroker(() => WholeAsync(session, () => session.ConsumeAsync(deliveries.Writer)), leaving).ConfigureAwait(false);
        _ = CloseAtEndAsync(session, deliveries.Writer);
        consuming();
        Task busy;
        bool isLeft;
        do
        {
            var delivery = await NextAsync(session, consumer, deliveries.Reader, leaving).ConfigureAwait(false);
            busy = await TakeAsync(delivery).ConfigureAwait(false);
            isLeft = !await EndsSoonAsync(busy).ConfigureAwait(false);
            await OnBroker(() => SettleAsync(session, delivery, isLeft ? consumer : null), leaving).ConfigureAwait(false);
        }
        while (!isLeft);

        await busy.ConfigureAwait(false);

        async Task<Task> TakeAsync(RabbitMqDelivery delivery)
        {
            try
            {
                return await receive(delivery.Message, leaving).ConfigureAwait(false);
            }
            catch
            {
                // First out of the queue: the session lives on, and a consumer that nobody reads would keep what it is given next.
                await TryAsync(() => LeaveAsync(session, consumer, deliveries.Reader)).ConfigureAwait(false);
                await TryAsync(() => delivery.Session.GiveBackAsync(delivery.Tag).AsTask()).ConfigureAwait(false);
                throw;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        sessions.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> EndsSoonAsync(Task busy) =>
        busy.IsCompleted || await Task.WhenAny(busy, Task.Delay(Ending, clock)).ConfigureAwait(false) == busy;

    // It leaves the queue before it acknowledges, so that nothing comes after.
    private static Task<bool> SettleAsync(RabbitMqConsumerSession session, RabbitMqDelivery delivery, string? consumerToCancel) =>
        WholeAsync(session, async () =>
        {
            if (consumerToCancel is not null)
            {
                await session.CancelAsync(consumerToCancel).ConfigureAwait(false);
            }

            await session.AcknowledgeAsync(delivery.Tag).ConfigureAwait(false);
            return true;
        });

    private async Task<RabbitMqDelivery> NextAsync(
        RabbitMqConsumerSession session, string consumer, ChannelReader<RabbitMqDelivery> deliveries, CancellationToken leaving)
    {
        try
        {
            return await OnBroker(() => deliveries.ReadAsync(leaving).AsTask(), leaving).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await LeaveAsync(session, consumer, deliveries).ConfigureAwait(false);
            throw;
        }
    }

    // What came in the same moment is another's: the session may live on, and it would stay in hand here.
    private Task LeaveAsync(RabbitMqConsumerSession session, string consumer, ChannelReader<RabbitMqDelivery> deliveries) =>
        OnBroker(
            () => WholeAsync(session, async () =>
            {
                await session.CancelAsync(consumer).ConfigureAwait(false);
                while (await deliveries.WaitToReadAsync().ConfigureAwait(false) && deliveries.TryRead(out var delivery))
                {
                    await session.GiveBackAsync(delivery.Tag).ConfigureAwait(false);
                }

                return true;
            }),
            CancellationToken.None);

    // Done in part it would leave a consumer that nobody reads, or a delivery in nobody's hands: then the session ends, and all of it is back.
    private static async Task<T> WholeAsync<T>(RabbitMqConsumerSession session, Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            session.GiveUp(RabbitMqErrors.Describe(exception));
            throw;
        }
    }

    private static async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The session has ended, and with it the delivery is back. Why it was given back is what matters.
        }
    }

    private async Task<T> OnBroker<T>(Func<Task<T>> work, CancellationToken leaving)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            throw new ConsumeException(queue, RabbitMqErrors.Describe(exception), exception);
        }
    }

    private static async Task CloseAtEndAsync(RabbitMqConsumerSession session, ChannelWriter<RabbitMqDelivery> deliveries)
    {
        var reason = await session.Ended.ConfigureAwait(false);
        deliveries.TryComplete(new IOException(reason));
    }
}
