using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The message bus: at least once, in any order, whenever it likes. In memory it forgets with its process.</summary>
internal sealed class Broker(World world)
{
    private const int MostCopies = 4;
    private const long LongestDelay = Spans.Hour;

    // A ring that waits longer rings again, every five seconds: an hour of it would be a world of rings alone.
    private const long LongestRingDelay = 30 * Spans.Second;

    private readonly List<Message> _waiting = [];
    private long _blockedUntil = -1;

    /// <summary>Sends a message now; when and how often it arrives is the broker's affair.</summary>
    public void Send(Message message) => SendAt(message, world.Now);

    public void SendAt(Message message, long at)
    {
        var workflow = message.Workflow;
        var marked = message with { Life = world.Engines.Life };
        SendExactly(marked, at + Latency(message));
        if (world.Happens(Fault.Duplicate, workflow))
        {
            for (var copies = 1 + workflow.Rng.Below(MostCopies - 1); copies > 0; copies--)
            {
                SendExactly(marked, at + workflow.Rng.LogUniform(1, Spans.Minute));
            }
        }
    }

    /// <summary>Sends a message that arrives at this very instant.</summary>
    public void SendExactly(Message message, long at) => world.Schedule(at, EventKind.Deliver, 0, message, message.Workflow);

    public void Deliver(Message message)
    {
        if (world.Engines.IsForgetful && message.Life != world.Engines.Life && !message.IsClients)
        {
            return;
        }

        if (world.Now < _blockedUntil)
        {
            SendExactly(message, _blockedUntil);
        }
        else if (!message.IsToEngine)
        {
            world.Workers.Receive(message);
        }
        else if (world.Engines.PickFor(message) is { } engine)
        {
            world.Turns.Receive(message, engine);
        }
        else
        {
            _waiting.Add(message);
        }
    }

    /// <summary>Nobody publishes or receives until this instant.</summary>
    public void Block(long until) => _blockedUntil = until;

    public void Unblock() => _blockedUntil = -1;

    /// <summary>An engine is there again: what waited for one is delivered.</summary>
    public void Flush()
    {
        foreach (var message in _waiting)
        {
            SendExactly(message, world.Now);
        }

        _waiting.Clear();
    }

    public bool IsEmpty => _waiting.Count == 0;

    private long Latency(Message message)
    {
        var rng = message.Workflow.Rng;
        if (world.Happens(Fault.Delay, message.Workflow))
        {
            return rng.LogUniform(Spans.Millisecond, message.Kind == MessageKind.Ring ? LongestRingDelay : LongestDelay);
        }

        // Two of five arrive at the instant at which they were sent, so that instants meet.
        var dice = rng.Below(5_000);
        return dice < 2_000 ? 0 : dice * 10;
    }
}
