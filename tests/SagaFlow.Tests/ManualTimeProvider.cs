namespace SagaFlow.Tests;

/// <summary>A clock that stands until it is advanced; its timers fire, in order, inside <see cref="Advance"/>.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _set;
    private TaskCompletionSource _timersChanged = NewSignal();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now + _set;
        }
    }

    public override long GetTimestamp() => Running().Ticks;

    /// <summary>Sets the time of day forth or back, as an operator or a time server does. What only runs does not notice.</summary>
    public void SetTimeOfDay(TimeSpan change)
    {
        lock (_lock)
        {
            _set += change;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, stopping at each timer that comes due on the way.</summary>
    public void Advance(TimeSpan duration)
    {
        var end = Running() + duration;
        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    /// <summary>Waits, in real time, until some code has asked for a timer that comes due within the given time from now.</summary>
    public Task TimerWithinAsync(TimeSpan duration) => TimerAsync(due => due <= _now + duration);

    /// <summary>Waits, in real time, until some code has asked for a timer that comes due in exactly the given time from now.</summary>
    public Task TimerInAsync(TimeSpan duration) => TimerAsync(due => due == _now + duration);

    private DateTimeOffset Running()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    private async Task TimerAsync(Func<DateTimeOffset, bool> isMeant)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_timers.Any(t => isMeant(t.DueAt)))
                {
                    return;
                }

                changed = _timersChanged.Task;
            }

            await changed.WaitAsync(patience.Token);
        }
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var timer = _timers.Where(t => t.DueAt <= end).MinBy(t => t.DueAt);
            if (timer is not null)
            {
                _now = timer.DueAt > _now ? timer.DueAt : _now;
                timer.Rearm(_now);
                if (timer.Period is null)
                {
                    _timers.Remove(timer);
                }
            }

            return timer;
        }
    }

    private void Set(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime >= TimeSpan.Zero)
            {
                timer.Set(_now + dueTime, period > TimeSpan.Zero ? period : null);
                _timers.Add(timer);
            }

            changed = _timersChanged;
            _timersChanged = NewSignal();
        }

        changed.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class ManualTimer(ManualTimeProvider owner, Action callback) : ITimer
    {
        public DateTimeOffset DueAt { get; private set; }

        public TimeSpan? Period { get; private set; }

        public void Set(DateTimeOffset dueAt, TimeSpan? period) => (DueAt, Period) = (dueAt, period);

        public void Rearm(DateTimeOffset now) => DueAt = now + (Period ?? TimeSpan.Zero);

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            owner.Set(this, dueTime, period);
            return true;
        }

        public void Dispose() => owner.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
