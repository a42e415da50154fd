using MassTransit;
using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus;

/// <summary>Listens, on a queue that goes with the process, for attempts that are to stop.</summary>
internal sealed class CancelListener(IBus bus, BusNames names, IIdSource ids, StartRetry retry, TimeProvider timeProvider, ILogger<CancelListener> logger)
{
    /// <summary>Begins to listen to some task queues, once the broker lets it; disposing what is returned ends it.</summary>
    public async Task<CancelListening> ConnectAsync(
        IEnumerable<string> taskQueues, Func<ActivityCancellation, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        CancelListening? listening = null;
        await retry.RunAsync(async token => listening = await ConnectOnceAsync(taskQueues, take, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        return listening!;
    }

    private async Task<CancelListening> ConnectOnceAsync(
        IEnumerable<string> taskQueues, Func<ActivityCancellation, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        // Not "<prefix>.": names that begin so are the deployment's own.
        var queue = $"{names.Prefix}-cancel-{ids.Next():N}";
        var handle = bus.ConnectReceiveEndpoint(new TemporaryQueue(queue), KebabCaseEndpointNameFormatter.Instance, endpoint =>
        {
            RawEndpoint.Configure(endpoint, (message, token) => TakeAsync(message, take, token), timeProvider, logger);
            foreach (var taskQueue in taskQueues)
            {
                RawEndpoint.BindTopic(endpoint, names.Cancel, $"{taskQueue}.#");
            }
        });
        await EndpointConnecting.WaitAsync([handle], timeProvider, cancellationToken).ConfigureAwait(false);
        return new CancelListening(handle, queue, timeProvider, logger);
    }

    private Task TakeAsync(RawMessage message, Func<ActivityCancellation, CancellationToken, Task> take, CancellationToken cancellationToken)
    {
        if (WireJson.TryReadCancellation(message.Body, out var cancellation, out var problem))
        {
            return take(cancellation, cancellationToken);
        }

        logger.CancellationUnreadable(message.MessageId, problem.Detail);
        return Task.CompletedTask;
    }
}
