namespace SagaFlow.Worker.Pools;

/// <summary>Limits how many attempts run at once, and how many start within a period.</summary>
internal sealed class StartLimit(int? concurrency, StartRate? rate, TimeProvider timeProvider) : IDisposable
{
    private readonly SemaphoreSlim? _places = concurrency is { } count ? new SemaphoreSlim(count, count) : null;

    /// <summary>Waits for a place and for its turn.</summary>
    /// <returns>Whether it may start: then <see cref="Leave"/> follows. Otherwise its turn would not have come within the time.</returns>
    public async Task<bool> TryEnterAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (!await HasPlaceAsync(patience, cancellationToken))
        {
            return false;
        }

        try
        {
            if (rate is null || await rate.TryTakeAsync(patience, cancellationToken))
            {
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            Leave();
            throw;
        }

        Leave();

        // Whoever puts the request back gets it again at once: without a pause it would go round as fast as the broker can.
        await Task.Delay(patience, timeProvider, cancellationToken);
        return false;
    }

    public void Leave() => _places?.Release();

    public void Dispose() => _places?.Dispose();

    private async Task<bool> HasPlaceAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_places is null || _places.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            return true;
        }

        using var limit = new CancellationTokenSource(patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _places.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
