namespace SagaFlow.Testing;

/// <summary>The clock of one harness: it stands until it is advanced, and its timers fire inside the advance, in order.</summary>
internal sealed class HarnessClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<HarnessTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TaskCompletionSource _timerSet = NewSignal();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The earliest timer; <see langword="null"/> when none is set.</summary>
    public DateTimeOffset? NextTimerAt
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count == 0 ? null : _timers.Min(x => x.DueAt);
            }
        }
    }

    /// <summary>Whether some code of the test's, such as a handler, waits for this clock to go on.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_lock)
            {
                return _timers.Any(x => !x.IsWorkers);
            }
        }
    }

    /// <summary>Ends when the next timer is set.</summary>
    public Task TimerSet
    {
        get
        {
            lock (_lock)
            {
                return _timerSet.Task;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        CreateTimer(() => callback(state), dueTime, period, isWorkers: false);

    /// <summary>Sets a timer; one of the worker's own does not count as somebody who waits.</summary>
    public ITimer CreateTimer(Action callback, TimeSpan dueTime, TimeSpan period, bool isWorkers)
    {
        var timer = new HarnessTimer(this, callback, isWorkers);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock and fires what is due then. It never goes back.</summary>
    public void AdvanceTo(DateTimeOffset instant)
    {
        lock (_lock)
        {
            _now = instant > _now ? instant : _now;
        }

        while (TakeDue() is { } timer)
        {
            timer.Fire();
        }
    }

    private HarnessTimer? TakeDue()
    {
        lock (_lock)
        {
            // MinBy takes the first of equals: timers of one instant fire in the order in which they were set.
            var timer = _timers.Where(x => x.DueAt <= _now).MinBy(x => x.DueAt);
            if (timer is null)
            {
                return null;
            }

            _timers.Remove(timer);
            if (timer.Period is { } period)
            {
                timer.DueAt += period;
                _timers.Add(timer);
            }

            return timer;
        }
    }

    private void Set(HarnessTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        TaskCompletionSource set;
        lock (_lock)
        {
            _timers.Remove(timer);
            if (dueTime < TimeSpan.Zero)
            {
                return;
            }

            timer.DueAt = _now + dueTime;
            timer.Period = period > TimeSpan.Zero ? period : null;
            _timers.Add(timer);
            set = _timerSet;
            _timerSet = NewSignal();
        }

        set.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class HarnessTimer(HarnessClock owner, Action callback, bool isWorkers) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public TimeSpan? Period { get; set; }

        public bool IsWorkers => isWorkers;

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
