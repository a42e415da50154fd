using MassTransit;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Client;

/// <summary>Ends the listening when it is disposed.</summary>
internal sealed class CancelListening(HostReceiveEndpointHandle handle, string queue, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    // What was heard last may be with an author's code, which may never return.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private HostReceiveEndpointHandle? _handle = handle;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _handle, null) is not { } open)
        {
            return;
        }

        try
        {
            await open.StopAsync(CancellationToken.None).WaitAsync(LongestStop, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            logger.ListeningNotEnded(queue, LongestStop);
        }
    }
}
