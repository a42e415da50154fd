using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>On RabbitMQ: finds task queues that no worker consumes while attempts wait on them, and says so in the workflows' history.</summary>
/// <remarks>Gauge <c>sagaflow.task_queue.unattended</c> on the meter <c>SagaFlow</c>: how many there are. It looks at the first ten thousand
/// attempts that are not started. A queue counts as attended, too, while an attempt of it has started or sent a heartbeat within five minutes.</remarks>
internal sealed class UnattendedQueues : BackgroundService
{
    private const string Endpoint = "unattended";
    private const int PageSize = 500;
    private const int MostPages = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    // An attempt that somebody else will answer is started as well, for days, but its worker is free: only a word tells the two apart.
    private static readonly TimeSpan LongestRunWithoutAWord = TimeSpan.FromMinutes(5);

    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly IWorkflowReader _reader;
    private readonly IWorkflowStore _store;
    private readonly TransportTraits _transport;
    private readonly BusNames _names;
    private readonly IServiceProvider _services;
    private readonly IStoreClock _storeClock;
    private readonly TimeProvider _clock;
    private readonly ILogger<UnattendedQueues> _logger;
    private readonly Dictionary<string, DateTimeOffset> _since = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private HashSet<Guid> _recorded = [];

    public UnattendedQueues(
        IWorkflowReader reader, IWorkflowStore store, TransportTraits transport, BusNames names, IServiceProvider services, IStoreClock storeClock,
        TimeProvider clock, ILogger<UnattendedQueues> logger)
    {
        (_reader, _store, _transport, _names) = (reader, store, transport, names);
        (_services, _storeClock, _clock, _logger) = (services, storeClock, clock, logger);
        _meter.CreateObservableGauge("sagaflow.task_queue.unattended", () => Volatile.Read(ref _unattended));
    }

    private int _unattended;

    /// <summary>How many task queues had no consumer at the last look while attempts waited on them.</summary>
    public int Unattended => Volatile.Read(ref _unattended);

    /// <summary>Looks once.</summary>
    /// <param name="countConsumers">How many consumers a queue has.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task LookAsync(Func<string, Task<uint>> countConsumers, CancellationToken cancellationToken)
    {
        var now = await _storeClock.ReadAsync(cancellationToken);
        var waiting = await ReadWaitingAsync(now, cancellationToken);
        var busy = await ReadBusyAsync(now, cancellationToken);
        var unattended = new List<ActivityRecord>();
        foreach (var queue in waiting.Keys.Union(_since.Keys.ToList(), StringComparer.Ordinal))
        {
            var attempts = busy.Contains(queue) ? [] : waiting.GetValueOrDefault(queue) ?? [];
            if (await IsUnattendedAsync(queue, attempts, countConsumers, now))
            {
                unattended.AddRange(attempts);
            }
        }

        Volatile.Write(ref _unattended, _said.Count);
        await RecordAsync(unattended, now, cancellationToken);
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_transport.IsRabbitMq)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(CountConsumersAsync, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                _logger.TaskQueuesNotRead(exception);
            }
        }
    }

    private async Task<Dictionary<string, List<ActivityRecord>>> ReadWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var waiting = new Dictionary<string, List<ActivityRecord>>(StringComparer.Ordinal);
        (Guid, string)? after = null;
        IReadOnlyList<ActivityRecord> page;
        var pages = 0;
        do
        {
            page = await _reader.ReadUnstartedAsync(after, PageSize, cancellationToken);
            foreach (var record in page.Where(x => now - x.State.AttemptScheduledAt >= Interval))
            {
                (waiting.TryGetValue(record.State.TaskQueue, out var attempts) ? attempts : waiting[record.State.TaskQueue] = []).Add(record);
            }

            after = page.Count == 0 ? after : (page[^1].State.WorkflowId, page[^1].State.Id);
        }
        while (page.Count == PageSize && ++pages < MostPages);

        return waiting;
    }

    // A worker whose slots are all busy does not consume, but it is there.
    private async Task<HashSet<string>> ReadBusyAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await _reader.ReadNearestDueAsync(PageSize, cancellationToken);
        return open
            .Where(x => x.Status == ActivityStatus.Started && now - (x.LastHeartbeatAt ?? x.StartedAt) <= LongestRunWithoutAWord)
            .Select(x => x.TaskQueue)
            .ToHashSet(StringComparer.Ordinal);
    }

    private async Task<bool> IsUnattendedAsync(
        string queue, List<ActivityRecord> attempts, Func<string, Task<uint>> countConsumers, DateTimeOffset now)
    {
        if (attempts.Count == 0 || await countConsumers(_names.TaskQueue(queue)) > 0)
        {
            _since.Remove(queue);
            _said.Remove(queue);
            return false;
        }

        // Attempts that waited before this engine looked for the first time count from their own beginning.
        _since.TryAdd(queue, attempts.Min(x => x.State.AttemptScheduledAt));
        var silence = now - _since[queue];
        if (silence < LongestSilence)
        {
            return false;
        }

        if (_said.Add(queue))
        {
            _logger.TaskQueueUnattended(queue, silence, attempts.Count);
        }

        return true;
    }

    // Once for each attempt: the inbox tells a repeat, also of another engine.
    private async Task RecordAsync(List<ActivityRecord> unattended, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changes = unattended.Select(x => x.State).ToDictionary(
            x => WireIds.Derive(x.WorkflowId, $"{Endpoint}/{x.Id}/{x.Attempt}"),
            x => (x.WorkflowId, Event: new HistoryEvent(
                0, x.WorkflowId, now, HistoryKind.ActivityUnattended, x.Id, x.Attempt, StoreJson.Write(new { taskQueue = x.TaskQueue }))));
        ChangeSet[] sets =
        [
            .. changes.Where(x => !_recorded.Contains(x.Key)).Select(x => new ChangeSet(x.Value.WorkflowId)
            {
                Inbox = new InboxEntry(new InboxKey(Endpoint, x.Value.WorkflowId, x.Key), "", now),
                History = [x.Value.Event],
            }),
        ];
        if (sets.Length > 0)
        {
            await _store.CommitAsync(sets, cancellationToken);
        }

        _recorded = [.. changes.Keys];
    }

    private async Task<uint> CountConsumersAsync(string queue)
    {
        var link = await _services.GetRequiredService<RabbitMqLinks>().GetAsync(CancellationToken.None);
        uint count = 0;
        try
        {
            await link.RunAsync(async channel => count = (await channel.QueueDeclarePassiveAsync(queue)).ConsumerCount);
        }
        catch (Exception exception) when (RabbitMqErrors.IsMissing(exception))
        {
            // No queue, no consumer.
        }

        return count;
    }
}
