using SagaFlow.Benchmarks.Processes;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>An engine with its worker: ours, or the one written by hand.</summary>
internal sealed class Variant : IAsyncDisposable
{
    private readonly RoleProcess _engine;
    private readonly RoleProcess _worker;

    private Variant(Names names, RoleProcess engine, RoleProcess worker) => (Names, _engine, _worker) = (names, engine, worker);

    public Names Names { get; }

    public static async Task<Variant> StartAsync(string prefix, string postgres, string rabbitMq)
    {
        var engine = await RoleProcess.StartAsync($"{prefix}-engine", postgres, rabbitMq);
        var worker = await RoleProcess.StartAsync($"{prefix}-worker", postgres, rabbitMq);
        return new Variant(new Names(prefix), engine, worker);
    }

    /// <summary>Gets the processor times of its two processes.</summary>
    public IEnumerable<KeyValuePair<string, Func<double>>> Cpu =>
    [
        new("engine", () => CpuTimes.Of(_engine.Id)),
        new("worker", () => CpuTimes.Of(_worker.Id)),
    ];

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
