using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>What the nemesis does to a whole world at once.</summary>
internal enum Act
{
    Kill,
    BlackOut,
    WipeAlarms,
    Block,
    JumpClock,
}

/// <summary>Kills engines, wipes the alarms, blocks the broker and moves the clock, at instants of its own.</summary>
internal sealed class Nemesis(World world)
{
    private const int MostActs = 4;

    private static readonly (Act Act, Fault Fault)[] Acts =
    [
        (Act.Kill, Fault.Killed), (Act.BlackOut, Fault.Blackout), (Act.WipeAlarms, Fault.AlarmsWiped), (Act.Block, Fault.Blocked),
        (Act.JumpClock, Fault.ClockJump),
    ];

    public void Plan()
    {
        foreach (var (act, fault) in Acts)
        {
            for (var i = world.Likelihood(fault) > 0 ? 1 + world.Rng.Below(MostActs) : 0; i > 0; i--)
            {
                // Early ones too: most workflows are over long before the chaos is.
                world.Schedule(world.Rng.LogUniform(Spans.Second, world.ChaosEnd), EventKind.Nemesis, (int)act);
            }
        }
    }

    public void Do(Act act)
    {
        if (world.IsHealed || !world.Confirm(Acts[(int)act].Fault))
        {
            return;
        }

        switch (act)
        {
            case Act.Kill:
                world.Engines.Crash(world.Rng.Below(world.Engines.Count));
                break;
            case Act.BlackOut:
                BlackOut();
                break;
            case Act.WipeAlarms:
                world.Alarms.Wipe();
                break;
            case Act.Block:
                world.Broker.Block(world.Now + world.Rng.LogUniform(Spans.Second, 10 * Spans.Minute));
                break;
            case Act.JumpClock:
                world.JumpAhead(world.Rng.LogUniform(Spans.Second, Spans.Day));
                break;
        }
    }

    private void BlackOut()
    {
        world.Engines.HoldDown(world.Now + world.Rng.LogUniform(10 * Spans.Second, 2 * Spans.Hour));
        for (var engine = 0; engine < world.Engines.Count; engine++)
        {
            world.Engines.Crash(engine);
        }
    }
}
