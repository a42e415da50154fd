using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SagaFlow.Benchmarks.Broker;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>Starts workflows over the control queue and asks for their results, a fixed number of them outstanding.</summary>
/// <remarks>It knows the wire contract alone, so that it drives any engine that keeps to it.</remarks>
internal sealed class AsyncDriver(RawBroker broker)
{
    private const int WaitMs = 30_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _asked = new(StringComparer.Ordinal);
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private string _replies = "";
    private long _count;

    public static async Task<AsyncDriver> OpenAsync(RawBroker broker)
    {
        var driver = new AsyncDriver(broker);
        driver._replies = await broker.ReceiveRepliesAsync(driver.Take);
        return driver;
    }

    /// <summary>Runs one window.</summary>
    /// <param name="names">Whose engine it is.</param>
    /// <param name="outstanding">How many workflows are under way at any time.</param>
    /// <param name="warm">How long it runs before anything counts.</param>
    /// <param name="span">How long it is measured.</param>
    /// <param name="onMeasured">Called when the measurement begins and when it ends.</param>
    public async Task<List<TimeSpan>> RunAsync(Names names, int outstanding, TimeSpan warm, TimeSpan span, Action<bool> onMeasured)
    {
        var loop = new Loop();
        var running = Enumerable.Range(0, outstanding).Select(_ => RepeatAsync(names, loop)).ToList();
        await Task.Delay(warm);
        onMeasured(true);
        loop.Counts = true;
        await Task.Delay(span);
        loop.Counts = false;
        onMeasured(false);
        loop.Ends = true;
        await Task.WhenAll(running);
        return [.. loop.Took];
    }

    private async Task RepeatAsync(Names names, Loop loop)
    {
        while (!loop.Ends)
        {
            var began = Stopwatch.GetTimestamp();
            await RunOneAsync(names);
            if (loop.Counts)
            {
                loop.Took.Enqueue(Stopwatch.GetElapsedTime(began));
            }
        }
    }

    /// <summary>Runs one workflow to the end that its caller sees.</summary>
    public async Task RunOneAsync(Names names)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _count)}");
        var receipt = await AskAsync(names, key + "s", $$$"""{"kind":"start","workflowType":"{{{Names.WorkflowType}}}","message":{"key":"{{{key}}}"}}""");
        Check(receipt, root => root.GetProperty("disposition").ValueEquals("applied"));
        var result = await AskAsync(
            names, key + "r", $$"""{"kind":"query","workflowType":"{{Names.WorkflowType}}","businessKey":"{{key}}","what":"result","waitMs":{{WaitMs}}}""");
        Check(result, root => root.GetProperty("workflow").GetProperty("result").GetProperty("value").GetInt32() == 42);
    }

    private async Task<byte[]> AskAsync(Names names, string id, string message)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        await broker.PublishAsync(names.Control, "", Encoding.UTF8.GetBytes(message), id, _replies);
        return await answer.Task.WaitAsync(Patience);
    }

    private void Take(RawDelivery reply)
    {
        if (reply.CorrelationId is { } id && _asked.TryRemove(id, out var asked))
        {
            asked.TrySetResult(reply.Body);
        }
    }

    private static void Check(byte[] reply, Func<JsonElement, bool> isRight)
    {
        using var document = JsonDocument.Parse(reply);
        if (!isRight(document.RootElement))
        {
            throw new InvalidOperationException($"Not what was expected: {Encoding.UTF8.GetString(reply)}");
        }
    }

    private sealed class Loop
    {
        public volatile bool Counts;
        public volatile bool Ends;

        public ConcurrentQueue<TimeSpan> Took { get; } = new();
    }
}
