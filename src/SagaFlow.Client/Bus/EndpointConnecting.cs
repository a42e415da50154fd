using MassTransit;

namespace SagaFlow.Client.Bus;

/// <summary>Waits until receive endpoints consume. One that does not is let go of, so that a retry may connect it anew under its name.</summary>
internal static class EndpointConnecting
{
    // An endpoint whose connection broke at the wrong moment is never ready.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">One of them was not ready in time.</exception>
    public static async Task WaitAsync(IReadOnlyList<HostReceiveEndpointHandle> handles, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(handles.Select(x => x.Ready)).WaitAsync(Longest, clock, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Not waited for: what never became ready may never be stopped either. Its name is free at once.
            foreach (var handle in handles)
            {
                _ = handle.StopAsync(CancellationToken.None);
            }

            throw;
        }
    }
}
