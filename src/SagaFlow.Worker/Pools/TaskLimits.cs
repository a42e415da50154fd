namespace SagaFlow.Worker.Pools;

/// <summary>The limits of one task queue and of its activities.</summary>
internal sealed class TaskLimits : IDisposable
{
    // Far below every time limit that a broker has for a delivery in hand.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly StartLimit? _queue;
    private readonly Dictionary<string, StartLimit> _activities;

    public TaskLimits(ActivityRunner runner, TaskQueueOptions queue, TimeProvider time)
    {
        _queue = RateOf(queue.MaximumStarts, queue.StartPeriod, time) is { } rate ? new StartLimit(concurrency: null, rate, time) : null;
        _activities = runner.Handlers
            .Where(x => x.MaximumConcurrency is not null || x.MaximumStarts is not null)
            .ToDictionary(x => x.Activity, x => new StartLimit(x.MaximumConcurrency, RateOf(x.MaximumStarts, x.StartPeriod, time), time), StringComparer.Ordinal);
    }

    /// <summary>Waits until an attempt of the activity may start; <see langword="false"/> when that takes too long to wait for it.</summary>
    public async Task<bool> TryEnterAsync(string activity, CancellationToken cancellationToken)
    {
        var own = _activities.GetValueOrDefault(activity);
        if (own is not null && !await own.TryEnterAsync(Patience, cancellationToken))
        {
            return false;
        }

        try
        {
            if (_queue is null || await _queue.TryEnterAsync(Patience, cancellationToken))
            {
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            own?.Leave();
            throw;
        }

        own?.Leave();
        return false;
    }

    public void Leave(string activity) => _activities.GetValueOrDefault(activity)?.Leave();

    public void Dispose()
    {
        _queue?.Dispose();
        foreach (var limit in _activities.Values)
        {
            limit.Dispose();
        }
    }

    private static StartRate? RateOf(int? starts, TimeSpan period, TimeProvider time) => starts is { } count ? new StartRate(count, period, time) : null;
}
