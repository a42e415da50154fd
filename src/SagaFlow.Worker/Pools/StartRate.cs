namespace SagaFlow.Worker.Pools;

/// <summary>At most so many starts in any window of a length: each waits until the one that many before it is a period ago.</summary>
/// <remarks>By the clock that only runs: somebody who sets the time of day neither stops the starts nor lets them all through.</remarks>
internal sealed class StartRate(int count, TimeSpan period, TimeProvider timeProvider)
{
    private readonly long _origin = timeProvider.GetTimestamp();
    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _starts = new(count);

    /// <summary>Waits for the next free instant, and takes it.</summary>
    /// <returns>Whether it came within the time; otherwise nothing is taken.</returns>
    public async Task<bool> TryTakeAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        if (Reserve(patience) is not { } wait)
        {
            return false;
        }

        if (wait > TimeSpan.Zero)
        {
            // A wait that is given up has used its instant: rather one start too few than one too many.
            await Task.Delay(wait, timeProvider, cancellationToken);
        }

        return true;
    }

    private TimeSpan? Reserve(TimeSpan patience)
    {
        lock (_lock)
        {
            var now = timeProvider.GetElapsedTime(_origin);
            var at = _starts.Count < count || _starts.Peek() + period <= now ? now : _starts.Peek() + period;
            if (at - now > patience)
            {
                return null;
            }

            if (_starts.Count == count)
            {
                _starts.Dequeue();
            }

            _starts.Enqueue(at);
            return at - now;
        }
    }
}
