using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Faults;
using SagaFlow.Diagnostics;
using SagaFlow.Hosting;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Timeouts;

/// <summary>Quartz as an alarm clock: a sweep every second, and a ring at the very instant of a near deadline.</summary>
/// <remarks>Nothing in its memory is not also in a row: whatever it forgets, the next sweep finds. The scheduler is this
/// deployment's own by name and by job factory, so that it never meets another one of the same process.</remarks>
internal sealed class AlarmClock(
    DueSweep sweep, Lazy<EnginePulse> pulse, IAlarmStore store, IStoreClock storeClock, BusNames names, EngineMetrics metrics, TimeProvider clock, ILogger<AlarmClock> logger)
    : BackgroundService, ICommitListener
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    // A deadline further away is found again by a sweep before it is due.
    private static readonly TimeSpan Near = SweepInterval * 1.5;

    private readonly Channel<DateTimeOffset> _near = Channel.CreateBounded<DateTimeOffset>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly JobKey _job = new("due-sweep");
    private IScheduler? _scheduler;
    private bool _isFailing;

    // By the clock that decides about deadlines. Quartz rings by this machine's own.
    private DateTimeOffset Horizon => clock.GetUtcNow() + storeClock.Ahead + Near;

    public void OnCommitted(ChangeSet changes)
    {
        var horizon = Horizon;
        if (changes.Workflow is { Status: WorkflowStatus.Running, DeadlineAt: { } deadline } && deadline <= horizon)
        {
            _near.Writer.TryWrite(deadline);
        }

        foreach (var activity in changes.Activities)
        {
            if (activity.State.Due is { } due && due.At <= horizon)
            {
                _near.Writer.TryWrite(due.At);
            }
        }

        foreach (var timer in changes.Timers.Where(x => x.DueAt <= horizon))
        {
            _near.Writer.TryWrite(timer.DueAt);
        }
    }

    /// <summary>Arms a ring for the earliest deadline that is near.</summary>
    public async Task ArmNextAsync(CancellationToken cancellationToken)
    {
        if (await store.NextDueAsync(cancellationToken) is { } next && next <= Horizon)
        {
            _near.Writer.TryWrite(next);
        }
    }

    /// <summary>Notes that a sweep failed. An outage of the database is told once, however many sweeps it costs.</summary>
    public void NoteSweepFailed(Exception exception)
    {
        if (!Interlocked.Exchange(ref _isFailing, true))
        {
            logger.SweepFailed(exception);
        }
    }

    public void NoteSwept() => Volatile.Write(ref _isFailing, false);

    /// <summary>Throws the scheduler away and starts another: for the watchdog.</summary>
    public async Task RebuildAsync(CancellationToken cancellationToken)
    {
        await ShutdownAsync();
        await BuildAsync(cancellationToken);
    }

#if SAGAFLOW_FAULTS
    /// <summary>Makes the scheduler forget every job, as if its memory were lost.</summary>
    public void Forget() => _ = _scheduler?.Clear().AsTask();

#endif
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ShutdownAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await BuildAsync(stoppingToken);
        await foreach (var at in _near.Reader.ReadAllAsync(stoppingToken))
        {
            FaultPoints.Pass(FaultPoint.Arming);
            try
            {
                await ArmAsync(at, stoppingToken);
            }
            catch (SchedulerException exception)
            {
                // The scheduler is being rebuilt; the next sweep finds the deadline.
                logger.NearDeadlineNotArmed(exception);
            }
        }
    }

    private async Task BuildAsync(CancellationToken cancellationToken)
    {
        var scheduler = await QuartzSchedulerBuilder
            .Create(quartz =>
            {
                quartz.ConfigureScheduler(options => options.InstanceName = $"{names.Prefix}-alarm-{GetHashCode():x}");
                quartz.UseInMemoryStore();
                quartz.UseDefaultThreadPool(1);
                quartz.UseJobFactory(new DueSweepJobFactory(() => new DueSweepJob(sweep, pulse.Value, this)));
            })
            .BuildScheduler(cancellationToken);
        var job = JobBuilder.Create<DueSweepJob>().WithIdentity(_job).StoreDurably().Build();
        var everySecond = TriggerBuilder.Create()
            .WithIdentity("every-second")
            .StartNow()
            .WithSimpleSchedule(x => x.WithInterval(SweepInterval).RepeatForever())
            .Build();
        await scheduler.ScheduleJob(job, everySecond, cancellationToken: cancellationToken);
        await scheduler.Start(cancellationToken);
        _scheduler = scheduler;
    }

    // One trigger for each millisecond at the most: a thousand deadlines of one instant are one sweep.
    private async Task ArmAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var millisecond = ((at - storeClock.Ahead).UtcTicks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        var key = new TriggerKey($"at-{millisecond}");
        if (_scheduler is not { } scheduler || await scheduler.Exists(key, cancellationToken))
        {
            return;
        }

        var trigger = TriggerBuilder.Create()
            .WithIdentity(key)
            .ForJob(_job)
            .StartAt(new DateTimeOffset(millisecond * TimeSpan.TicksPerMillisecond, TimeSpan.Zero))
            .Build();
        await scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
        metrics.TriggerSet();
    }

    private async Task ShutdownAsync()
    {
        if (Interlocked.Exchange(ref _scheduler, null) is { } scheduler)
        {
            // Not waited for: a sweep that hangs is why the watchdog calls. Whatever it claimed rings again.
            await scheduler.Shutdown(waitForJobsToComplete: false);
        }
    }
}
