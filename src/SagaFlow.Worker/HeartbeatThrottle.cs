using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Says when a handler's heartbeats leave: the first at once, after it the newest at the end of each interval.</summary>
/// <remarks>One is on its way at a time. What was held back or refused is not lost: the next one carries its checkpoint, and
/// <see cref="FlushAsync"/> sends what is left.</remarks>
internal sealed class HeartbeatThrottle : IDisposable
{
    private static readonly TimeSpan ShortestRetryInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetryInterval = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _interval;
    private readonly Func<ActivityAnswer, CancellationToken, Task<bool>> _send;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private ActivityAnswer? _held;
    private TaskCompletionSource? _sending;

    // By the clock that only runs: setting the time of day back must not silence an attempt until it counts as lost.
    private readonly long _origin;
    private TimeSpan _nextAt = TimeSpan.Zero;
    private bool _isClosed;

    /// <param name="interval">The shortest time between two heartbeats that leave.</param>
    /// <param name="send">Sends one and says whether it needs no repetition. It does not throw, but for its token.</param>
    /// <param name="time">The worker's clock.</param>
    public HeartbeatThrottle(TimeSpan interval, Func<ActivityAnswer, CancellationToken, Task<bool>> send, TimeProvider time)
    {
        (_interval, _send, _time, _origin) = (interval, send, time, time.GetTimestamp());
        _timer = time.CreateTimer(_ => _ = SendDueAsync(CancellationToken.None), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes a heartbeat: returns at once when it is held back, else when it was sent.</summary>
    public Task OfferAsync(ActivityAnswer heartbeat, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _held = Newer(heartbeat, _held);
        }

        return SendDueAsync(cancellationToken);
    }

    /// <summary>Sends what is held back, without another try: nothing leaves any more afterwards.</summary>
    public async Task FlushAsync()
    {
        await Close();
        if (TakeHeld() is { } last)
        {
            await _send(last, CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _ = Close();
        _timer.Dispose();
    }

    // What is on its way when it closes.
    private Task Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return _sending?.Task ?? Task.CompletedTask;
        }
    }

    private ActivityAnswer? TakeHeld()
    {
        lock (_lock)
        {
            var held = _held;
            _held = null;
            return held;
        }
    }

    private async Task SendDueAsync(CancellationToken cancellationToken)
    {
        while (TakeDue() is { } heartbeat)
        {
            await SendAsync(heartbeat, cancellationToken);
        }
    }

    // The heartbeat that may leave now; one that may leave later gets its timer.
    private ActivityAnswer? TakeDue()
    {
        lock (_lock)
        {
            if (_held is not { } heartbeat || _isClosed || _sending is not null)
            {
                return null;
            }

            var now = _time.GetElapsedTime(_origin);
            if (now < _nextAt)
            {
                _timer.Change(_nextAt - now, Timeout.InfiniteTimeSpan);
                return null;
            }

            (_held, _nextAt) = (null, now + _interval);
            _sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return heartbeat;
        }
    }

    private async Task SendAsync(ActivityAnswer heartbeat, CancellationToken cancellationToken)
    {
        var isSettled = false;
        try
        {
            isSettled = await _send(heartbeat, cancellationToken);
        }
        finally
        {
            Settle(heartbeat, isSettled);
        }
    }

    private void Settle(ActivityAnswer heartbeat, bool isSettled)
    {
        lock (_lock)
        {
            if (!isSettled)
            {
                _held = Newer(_held ?? heartbeat, heartbeat);
                _nextAt = _time.GetElapsedTime(_origin) + RetryInterval;
            }

            _sending?.SetResult();
            _sending = null;
        }
    }

    // Still within the window that the interval is a part of.
    private TimeSpan RetryInterval =>
        TimeSpan.FromTicks(Math.Clamp((_interval / 8).Ticks, ShortestRetryInterval.Ticks, LongestRetryInterval.Ticks));

    private static ActivityAnswer Newer(ActivityAnswer newer, ActivityAnswer? older) =>
        newer with { Checkpoint = newer.Checkpoint ?? older?.Checkpoint };
}
