using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Broker;

namespace SagaFlow.Benchmarks.Recover;

/// <summary>Starts a workflow every few milliseconds and notes the receipts, each of which stands for a commit. It connects again whenever it must.</summary>
internal sealed class Prober(string rabbitMq) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private readonly ConcurrentQueue<(long SentAt, long At)> _receipts = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private RawBroker? _broker;
    private ControlCaller? _caller;

    /// <summary>Gets when it connected last.</summary>
    public long ConnectedAt { get; private set; }

    public void Start() => _running = RunAsync();

    /// <summary>Waits for the receipt of a workflow that was started after the given instant.</summary>
    /// <returns>When it came.</returns>
    public async Task<long> FirstAfterAsync(long instant)
    {
        var asked = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(asked) < Patience)
        {
            var first = _receipts.Where(x => x.SentAt > instant).Select(x => x.At).DefaultIfEmpty().Min();
            if (first != 0)
            {
                return first;
            }

            await Task.Delay(1);
        }

        throw new TimeoutException("No workflow could be started.");
    }

    /// <summary>Finds the longest time without any receipt since the given instant.</summary>
    public TimeSpan LongestGapSince(long instant)
    {
        var times = _receipts.Select(x => x.At).Where(x => x >= instant).Prepend(instant).Order().ToArray();
        return times.Zip(times.Skip(1), Stopwatch.GetElapsedTime).DefaultIfEmpty().Max();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await CloseAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            try
            {
                _caller ??= await ConnectAsync();
                _ = ProbeAsync(_caller, string.Create(CultureInfo.InvariantCulture, $"{_run}-{i}"));
            }
            catch (Exception exception) when (exception is BrokerUnreachableException or OperationInterruptedException or TimeoutException or IOException)
            {
                // Not there yet.
            }

            await Task.Delay(Interval);
        }
    }

    private async Task<ControlCaller> ConnectAsync()
    {
        await CloseAsync();
        _broker = await RawBroker.OpenAsync(rabbitMq, "prober");
        var caller = await ControlCaller.OpenAsync(_broker);
        ConnectedAt = Stopwatch.GetTimestamp();
        return caller;
    }

    private async Task ProbeAsync(ControlCaller caller, string key)
    {
        var sentAt = Stopwatch.GetTimestamp();
        try
        {
            await caller.StartAsync(new Names(Names.SagaFlow).Control, key, Names.WorkflowType, $$"""{"key":"{{key}}"}""", Patience);
            _receipts.Enqueue((sentAt, Stopwatch.GetTimestamp()));
        }
        catch (Exception exception) when (exception is AlreadyClosedException or OperationInterruptedException or PublishException or TimeoutException)
        {
            Interlocked.CompareExchange(ref _caller, null, caller);
        }
    }

    private async Task CloseAsync()
    {
        if (_broker is { } broker)
        {
            _broker = null;
            await broker.DisposeAsync();
        }
    }
}
