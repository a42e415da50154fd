using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Diagnostics;

/// <summary>Looks for waits that nobody seems to answer: the age of the oldest is a gauge, and one that has used up 80 % of its time is said once.</summary>
/// <remarks>Gauges on the meter <c>SagaFlow</c>: <c>sagaflow.activity.oldest_wait</c> and <c>sagaflow.activity.heartbeat.lag</c> (the longest
/// silence of a started attempt that is to send heartbeats), both in seconds, which look at the thousand open activities whose next deadline
/// is nearest; and <c>sagaflow.activity.pending</c>, the number of all open activities. That is counted only where somebody reads it, every 15 s,
/// or less often where counting takes long. Every engine tells the number of the whole deployment.</remarks>
internal sealed class OpenWaitWatch : BackgroundService
{
    private const int Looked = 1_000;
    private const double Share = 0.8;
    private const int RestPerCount = 100;
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly IWorkflowReader _reader;
    private readonly IStoreClock _storeClock;
    private readonly TimeProvider _clock;
    private readonly ILogger<OpenWaitWatch> _logger;
    private HashSet<(Guid WorkflowId, string ActivityId)> _said = [];
    private double _oldestSeconds;
    private double _silentSeconds;
    private long? _countedAt;
    private TimeSpan _rest;
    private long _pending = -1;
    private volatile bool _isRead = true;

    public OpenWaitWatch(IWorkflowReader reader, IStoreClock storeClock, TimeProvider clock, ILogger<OpenWaitWatch> logger)
    {
        (_reader, _storeClock, _clock, _logger) = (reader, storeClock, clock, logger);
        _meter.CreateObservableGauge("sagaflow.activity.oldest_wait", () => Volatile.Read(ref _oldestSeconds), "s");
        _meter.CreateObservableGauge("sagaflow.activity.heartbeat.lag", () => Volatile.Read(ref _silentSeconds), "s");
        _meter.CreateObservableGauge("sagaflow.activity.pending", ReadPending);
    }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = await _storeClock.ReadAsync(cancellationToken);
        var open = await _reader.ReadNearestDueAsync(Looked, cancellationToken);
        Volatile.Write(ref _oldestSeconds, open.Count == 0 ? 0 : (now - open.Min(x => x.ScheduledAt)).TotalSeconds);
        Volatile.Write(ref _silentSeconds, open.Max(x => SilenceOf(x, now)) ?? 0);
        var late = open.Where(x => HasUsedUpItsTime(x, now)).ToList();
        foreach (var activity in late.Where(x => !_said.Contains((x.WorkflowId, x.Id))))
        {
            _logger.ActivityNearItsDeadline(activity.Id, activity.WorkflowId, Deadlines.ScheduleToClose(activity)!.Value, activity.Attempt);
        }

        _said = [.. late.Select(x => (x.WorkflowId, x.Id))];
        await CountAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                _logger.OpenWaitsNotRead(exception);
            }
        }
    }

    private IEnumerable<Measurement<long>> ReadPending()
    {
        _isRead = true;
        return Volatile.Read(ref _pending) is >= 0 and var pending ? [new Measurement<long>(pending)] : [];
    }

    // It may take the database a hundredth of the time, no more.
    private async Task CountAsync(CancellationToken cancellationToken)
    {
        if (!_isRead || (_countedAt is { } last && _clock.GetElapsedTime(last) < _rest))
        {
            return;
        }

        _isRead = false;
        var began = _clock.GetTimestamp();
        Volatile.Write(ref _pending, await _reader.CountOpenActivitiesAsync(cancellationToken));
        var taken = _clock.GetElapsedTime(began) * RestPerCount;
        (_countedAt, _rest) = (began, taken > CountInterval ? taken : CountInterval);
    }

    private static double? SilenceOf(ActivityState activity, DateTimeOffset now) =>
        activity is { Status: ActivityStatus.Started, Policy.Heartbeat: not null } ? (now - (activity.LastHeartbeatAt ?? activity.StartedAt))?.TotalSeconds : null;

    private static bool HasUsedUpItsTime(ActivityState activity, DateTimeOffset now) =>
        Deadlines.ScheduleToClose(activity) is { } deadline
        && now - activity.ScheduledAt >= (deadline - activity.ScheduledAt) * Share;
}
