using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The broker: messages come late, twice and in another order; what the engine's own process held is gone with it.</summary>
internal sealed class PipeBroker(PipeWorld world)
{
    private const long LongestDelay = 10 * Spans.Minute;
    private const long LongestRingDelay = 30 * Spans.Second;

    private readonly List<PipeMessage> _waiting = [];

    /// <summary>Sends a message; when and how often it arrives is the broker's affair.</summary>
    public void Send(PipeMessage message, long at)
    {
        var rng = message.Program.Rng;
        var isRing = message.Told == ToldKind.Nobody;
        var latency = world.Happens(Fault.Delay, message.Program)
            ? rng.LogUniform(Spans.Millisecond, isRing ? LongestRingDelay : LongestDelay)
            : rng.Below(5) < 2 ? 0 : rng.Below(50_000);
        SendExactly(message, at + latency);
        if (world.Happens(Fault.Duplicate, message.Program))
        {
            SendExactly(message, at + rng.LogUniform(1, Spans.Minute));
        }
    }

    public void SendExactly(PipeMessage message, long at) =>
        world.Schedule(at, EventKind.Deliver, message with { Life = world.Process.Life }, message.Program);

    /// <summary>Sends the ring of an alarm, which may be late, lost or there twice.</summary>
    public void Ring(PipeMessage ring)
    {
        var late = world.Happens(Fault.RingLate, ring.Program) ? ring.Program.Rng.LogUniform(1, LongestRingDelay) : 0;
        if (!world.Happens(Fault.RingNever, ring.Program))
        {
            Send(ring, world.Now + late);
        }

        if (world.Happens(Fault.RingTwice, ring.Program))
        {
            Send(ring, world.Now + ring.Program.Rng.LogUniform(1, Spans.Minute));
        }
    }

    /// <summary>Delivers what came while no engine was there.</summary>
    public void Flush()
    {
        _waiting.ForEach(x => SendExactly(x, world.Now));
        _waiting.Clear();
    }

    public async Task DeliverAsync(PipeMessage message)
    {
        if (message.Life != world.Process.Life && !message.IsClients)
        {
            return;
        }

        if (message.RunAsync is null)
        {
            world.Workers.Receive(message);
        }
        else if (world.Process.Engine is not { } engine)
        {
            _waiting.Add(message);
        }
        else
        {
            await HandAsync(message, engine);
        }
    }

    private async Task HandAsync(PipeMessage message, PipeEngine engine)
    {
        var commits = world.Journal.Commits;
        try
        {
            if (world.Happens(Fault.CrashReceived, message.Program))
            {
                throw new SimulatedCrashException();
            }

            world.Journal.Cause = message.Cause;
            var receipt = await message.RunAsync!(engine);
            world.Trace?.Invoke($"{world.Now} workflow {message.Program.Index}: {message.Name} -> {receipt?.Disposition.ToString() ?? "taken"}");
            PipeReceipts.Judge(world, message, receipt, hasCommitted: world.Journal.Commits > commits);
        }
        catch (SimulatedErrorException)
        {
            SendExactly(message, world.Now + (Spans.Second / 10));
            return;
        }
        catch (SimulatedCrashException) when (message.IsClients)
        {
            // A client has no receipt and asks again.
            world.Schedule(world.Now + Spans.Second, EventKind.Deliver, message, message.Program);
            throw;
        }

        if (world.Happens(Fault.CrashAcknowledged, message.Program))
        {
            throw new SimulatedCrashException();
        }
    }
}
