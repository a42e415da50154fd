using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Broker;

namespace SagaFlow.Benchmarks.Beats;

/// <summary>Takes requests and sends a heartbeat each second for each of them, with no part of the project.</summary>
internal sealed class Beater(RawBroker broker)
{
    private const ushort Prefetch = 256;
    private const int Slices = 50;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1.0 / Slices);
    private static readonly Names Names = new(Names.SagaFlow);

    private readonly ConcurrentQueue<string> _arrived = new();
    private readonly List<string> _tokens = [];
    private long _sent;
    private long _confirmed;

    /// <summary>Gets how many heartbeats the broker has confirmed.</summary>
    public long Confirmed => Interlocked.Read(ref _confirmed);

    /// <summary>Gets how many heartbeats were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public async Task StartAsync()
    {
        var queue = $"{Names.SagaFlow}.tasks.{BeatingWorkflow.TaskQueue}";
        await broker.DeclareAsync(queue);
        await broker.ConsumeAsync(queue, Prefetch, TakeAsync);
    }

    /// <summary>Beats until it is canceled: each attempt once a second, all of them spread over the second.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        for (var slice = 0L; !cancellationToken.IsCancellationRequested; slice++)
        {
            while (_arrived.TryDequeue(out var token))
            {
                _tokens.Add(token);
            }

            for (var i = (int)(slice % Slices); i < _tokens.Count; i += Slices)
            {
                _ = SendAsync(_tokens[i], slice);
            }

            var rest = (Slice * (slice + 1)) - Stopwatch.GetElapsedTime(began);
            await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, CancellationToken.None);
        }
    }

    private Task TakeAsync(RawDelivery delivery)
    {
        using var document = JsonDocument.Parse(delivery.Body);
        var token = document.RootElement.GetProperty("taskToken").GetString()!;
        _arrived.Enqueue(token);
        return broker.PublishAsync(Names.Answers, "answer", Encoding.UTF8.GetBytes($$"""{"kind":"started","taskToken":"{{token}}","runningForMs":0}"""));
    }

    private async Task SendAsync(string token, long sequence)
    {
        Interlocked.Increment(ref _sent);
        var beat = string.Create(CultureInfo.InvariantCulture, $$"""{"kind":"heartbeat","taskToken":"{{token}}","sequence":{{sequence}}}""");
        await broker.PublishAsync(Names.Answers, "answer", Encoding.UTF8.GetBytes(beat));
        Interlocked.Increment(ref _confirmed);
    }
}
