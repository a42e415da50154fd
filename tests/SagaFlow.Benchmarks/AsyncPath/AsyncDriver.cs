using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using SagaFlow.Benchmarks.Broker;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>Starts workflows and asks for their results, a fixed number of them outstanding.</summary>
internal sealed class AsyncDriver(ControlCaller caller)
{
    private const int WaitMs = 30_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private long _count;

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

    /// <summary>Runs one workflow to the end that its caller sees.</summary>
    public async Task RunOneAsync(Names names)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{_run}-{Interlocked.Increment(ref _count)}");
        await caller.StartAsync(names.Control, key + "s", Names.WorkflowType, $$"""{"key":"{{key}}"}""", Patience);
        var query = $$"""{"kind":"query","workflowType":"{{Names.WorkflowType}}","businessKey":"{{key}}","what":"result","waitMs":{{WaitMs}}}""";
        var result = await caller.AskAsync(names.Control, key + "r", query, Patience);
        ControlCaller.Check(result, root => root.GetProperty("workflow").GetProperty("result").GetProperty("value").GetInt32() == 42);
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

    private sealed class Loop
    {
        public volatile bool Counts;
        public volatile bool Ends;

        public ConcurrentQueue<TimeSpan> Took { get; } = new();
    }
}
