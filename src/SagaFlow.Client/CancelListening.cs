using MassTransit;

namespace SagaFlow.Client;

/// <summary>Ends the listening when it is disposed.</summary>
internal sealed class CancelListening(HostReceiveEndpointHandle handle) : IAsyncDisposable
{
    private HostReceiveEndpointHandle? _handle = handle;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _handle, null) is { } open)
        {
            await open.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
