using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>Sees that messages leave: when none is confirmed for half a minute although one waits and the broker answers, the connection is
/// replaced. A client's connection can hang for ever after a broker's restart.</summary>
/// <remarks>Counter <c>sagaflow.broker.recycled</c> and gauge <c>sagaflow.outbox.oldest</c>, in seconds, on the meter <c>SagaFlow</c>.</remarks>
internal sealed class SendingWatchdog : BackgroundService
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new(EngineMetrics.MeterName);
    private readonly Counter<long> _recycled;
    private readonly IOutbox _outbox;
    private readonly IStoreClock _storeClock;
    private readonly ConfirmedMessages _confirmed;
    private readonly TransportTraits _transport;
    private readonly IServiceProvider _services;
    private readonly TimeProvider _clock;
    private readonly ILogger<SendingWatchdog> _logger;
    private double _oldestSeconds;

    public SendingWatchdog(
        IOutbox outbox, IStoreClock storeClock, ConfirmedMessages confirmed, TransportTraits transport, IServiceProvider services, TimeProvider clock,
        ILogger<SendingWatchdog> logger)
    {
        (_outbox, _storeClock, _confirmed, _transport, _services, _clock, _logger) = (outbox, storeClock, confirmed, transport, services, clock, logger);
        _recycled = _meter.CreateCounter<long>("sagaflow.broker.recycled");
        _meter.CreateObservableGauge("sagaflow.outbox.oldest", () => Volatile.Read(ref _oldestSeconds), "s");
    }

    /// <summary>Reads how long the oldest message waits, by the clock that has dated it, and makes that the gauge.</summary>
    public async Task<TimeSpan> ReadAgeAsync(CancellationToken cancellationToken)
    {
        var now = await _storeClock.ReadAsync(cancellationToken);
        var oldest = await _outbox.ReadUnconfirmedAsync(now, 1, cancellationToken);
        var age = oldest.Count == 0 ? TimeSpan.Zero : now - oldest[0].CreatedAt;
        Volatile.Write(ref _oldestSeconds, age.TotalSeconds);
        return age;
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

        var links = _services.GetRequiredService<RabbitMqLinks>();
        using var timer = new PeriodicTimer(Interval, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(links, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                _logger.OutboxNotSwept(exception);
            }
        }
    }

    private async Task LookAsync(RabbitMqLinks links, CancellationToken cancellationToken)
    {
        var age = await ReadAgeAsync(cancellationToken);

        // One that nobody takes is old as well, but then others are confirmed. A broker whose memory is full takes none.
        if (age > LongestSilence && _confirmed.SinceLast > LongestSilence && !links.IsBlocked && await links.AnswersAsync())
        {
            _logger.SendingRecycled(_confirmed.SinceLast);
            _recycled.Add(1);
            links.Drop();
        }
    }
}
