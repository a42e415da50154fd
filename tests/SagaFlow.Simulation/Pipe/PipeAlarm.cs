using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;
using SagaFlow.Timeouts;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The engine's alarm clock: it looks at what is due next, and once a second at what rang and was not heard.</summary>
internal sealed class PipeAlarm(PipeWorld world)
{
    private long _sweepAt = long.MaxValue;
    private long _rungAt = long.MaxValue;

    /// <summary>What the start of an engine claimed rings with its first sweep.</summary>
    public void Reset()
    {
        _sweepAt = long.MaxValue;
        _rungAt = world.Now + Spans.Second;
    }

    public async Task PlanAsync()
    {
        if (world.Process.Engine is not { } engine)
        {
            return;
        }

        var next = await engine.Get<IAlarmStore>().NextDueAsync(CancellationToken.None);
        var at = world.Plan.Whole(Math.Max(world.Now, Math.Min(next is { } due ? Spans.At(due) : long.MaxValue, _rungAt)));
        if (at < _sweepAt)
        {
            _sweepAt = at;
            world.Schedule(at, EventKind.Sweep);
        }
    }

    /// <summary>Sweeps, unless another sweep was planned for an earlier instant meanwhile.</summary>
    public async Task SweepAsync(long plannedFor)
    {
        if (plannedFor != _sweepAt)
        {
            return;
        }

        // What rang may ring unheard: the engine sweeps again when its claim is over.
        _sweepAt = _rungAt = long.MaxValue;
        if (world.Process.Engine is { } engine && await engine.Get<DueSweep>().RunAsync(CancellationToken.None) > 0)
        {
            _rungAt = world.Now + (6 * Spans.Second);
        }
    }
}
