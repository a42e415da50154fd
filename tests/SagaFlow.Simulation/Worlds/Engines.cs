using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>One to three engine processes, their lives and their deaths. What they do is in <see cref="Turns"/> and <see cref="Dispatching"/>.</summary>
internal sealed class Engines
{
    private const long AliveInterval = 5 * Spans.Second;

    private readonly World _world;
    private readonly Node[] _nodes;
    private readonly Recovery _recovery;
    private long _lastAlive = ActivityImage.Never;
    private long _heldDownUntil;

    public Engines(World world)
    {
        _world = world;
        _nodes = [.. Enumerable.Range(0, world.Rng.Below(5) switch { < 3 => 1, 3 => 2, _ => 3 }).Select(_ => new Node())];
        IsForgetful = _nodes.Length == 1 && world.Rng.Chance(0.5);
        _recovery = new Recovery(world);
    }

    /// <summary>One engine with everything in its process: the broker forgets when it dies.</summary>
    public bool IsForgetful { get; }

    /// <summary>One engine makes its messages again from their rows at its start; several share an outbox.</summary>
    public bool IsEmbedded => _nodes.Length == 1;

    /// <summary>Counts the lives of an embedded engine.</summary>
    public int Life { get; private set; }

    public bool IsAnyAlive => Array.Exists(_nodes, x => x.IsAlive);

    public int Count => _nodes.Length;

    public void StartAll()
    {
        for (var i = 0; i < _nodes.Length; i++)
        {
            Start(i);
        }
    }

    /// <summary>An engine starts: it learns how long nobody was there, and makes again what a crash swallowed.</summary>
    public void Start(int engine)
    {
        if (_nodes[engine].IsAlive)
        {
            return;
        }

        var isAlone = !IsAnyAlive;
        _nodes[engine].IsAlive = true;
        _nodes[engine].Since = _world.Now;
        _world.Trace?.Invoke($"{_world.Now} engine {engine} starts");
        if (isAlone && _lastAlive != ActivityImage.Never)
        {
            _recovery.Run(_lastAlive);
        }

        _world.Database.PlanOutboxSweep();
        _world.Alarms.Resume();
        _world.Broker.Flush();
    }

    /// <summary>An engine dies: what it had not committed is gone, what it had not acknowledged is delivered again.</summary>
    public void Crash(int engine)
    {
        var node = _nodes[engine];
        if (!node.IsAlive)
        {
            return;
        }

        node.IsAlive = false;
        _lastAlive = Math.Max(_lastAlive, node.Since + ((_world.Now - node.Since) / AliveInterval * AliveInterval));
        _world.Trace?.Invoke($"{_world.Now} engine {engine} dies");
        if (!IsAnyAlive)
        {
            Life++;
        }

        _world.Turns.Kill(engine);
        var up = _world.Now + _world.Rng.LogUniform(10 * Spans.Millisecond, 2 * Spans.Minute);
        _world.Schedule(Math.Max(up, _heldDownUntil), EventKind.EngineUp, engine);
    }

    /// <summary>No engine that dies comes back before this instant.</summary>
    public void HoldDown(long until) => _heldDownUntil = until;

    /// <summary>The engine that gets the message; <see langword="null"/> when none is there.</summary>
    public int? PickFor(Message message)
    {
        var first = _nodes.Length == 1 ? 0 : message.Workflow.Rng.Below(_nodes.Length);
        for (var i = 0; i < _nodes.Length; i++)
        {
            var engine = (first + i) % _nodes.Length;
            if (_nodes[engine].IsAlive)
            {
                return engine;
            }
        }

        return null;
    }

    private sealed class Node
    {
        public bool IsAlive { get; set; }
        public long Since { get; set; }
    }
}
