using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Worlds;

/// <summary>The workflows of a world, and the people who start, signal and cancel them.</summary>
internal static class Inhabitants
{
    private const int Policies = 8;
    private const double TokenShare = 0.06;

    // Long enough that some messages meet a chaos that has lasted for a while.
    private const long Arrivals = 30 * Spans.Minute;

    public static IReadOnlyList<WorkflowRow> Create(World world)
    {
        var policies = new PolicyPair[Policies];
        for (var i = 0; i < policies.Length; i++)
        {
            policies[i] = PolicyGenerator.Draw(world.Rng);
        }

        var workflows = new WorkflowRow[world.Plan.Workflows];
        for (var i = 0; i < workflows.Length; i++)
        {
            var rng = new Rng(Rng.Mix(world.Plan.Seed, (ulong)i + 1));
            var id = new Guid((int)rng.Next(), (short)i, 0, BitConverter.GetBytes(rng.Next()));
            var definition = Grammar.Draw(rng, policies, world.Plan.MaximumSteps);
            workflows[i] = new WorkflowRow(i, id, rng, definition) { UsesTokens = rng.Chance(TokenShare) };
        }

        return workflows;
    }

    /// <summary>Sends what people send in the course of the chaos.</summary>
    public static void Move(World world)
    {
        foreach (var workflow in world.Workflows)
        {
            if (world.Plan.Only?.Contains(workflow.Index) != false)
            {
                world.Tally.Workflows++;
                Start(world, workflow);
            }
        }
    }

    /// <summary>After the chaos: signals that are awaited are given, for most of those that wait.</summary>
    public static void SendWhatIsMissing(World world)
    {
        foreach (var workflow in world.Workflows)
        {
            foreach (var step in workflow.Definition.Steps)
            {
                if (step.Kind == StepKind.Signal && workflow.Rng.Chance(0.9) && workflow.Program.IsRunning)
                {
                    SendSignals(world, workflow, step.Rounds, world.Now, Spans.Hour);
                }
            }
        }
    }

    private static void Start(World world, WorkflowRow workflow)
    {
        var rng = workflow.Rng;
        var at = (long)(rng.NextDouble() * Arrivals);
        var start = new Message(MessageKind.Start, workflow) { Id = 1, Content = 1 };
        world.Broker.SendAt(start, at);
        if (world.Happens(Fault.StartTwice, workflow))
        {
            world.Broker.SendAt(start with { Id = 2 }, at + rng.LogUniform(1, Spans.Minute));
        }

        if (world.Happens(Fault.StartChanged, workflow))
        {
            world.Broker.SendAt(start with { Id = 3, Content = 2 }, at + rng.LogUniform(Spans.Millisecond, Spans.Minute));
        }

        foreach (var step in workflow.Definition.Steps)
        {
            if (step.Kind == StepKind.Signal)
            {
                SendSignals(world, workflow, step.Rounds, at, 2 * Spans.Hour);
            }
        }

        if (world.Happens(Fault.WorkflowCanceled, workflow))
        {
            world.Broker.SendAt(new Message(MessageKind.CancelWorkflow, workflow) { Id = 4 }, at + rng.LogUniform(1, Spans.Hour));
        }
    }

    private static void SendSignals(World world, WorkflowRow workflow, int count, long from, long within)
    {
        var rng = workflow.Rng;
        // More than are kept, and soon: before they are awaited.
        var flood = world.Happens(Fault.SignalFlood, workflow) ? Database.KeptMessages + 2 : 0;
        for (var i = 0; i < count + flood; i++)
        {
            var signal = new Message(MessageKind.Signal, workflow) { Id = 100 + ++workflow.Names, Content = 1 };
            var at = from + rng.LogUniform(1, flood > 0 ? Spans.Second : within);
            world.Broker.SendAt(signal, at);
            if (world.Happens(Fault.SignalTwice, workflow))
            {
                world.Broker.SendAt(signal, at + rng.LogUniform(1, Spans.Minute));
            }

            if (world.Happens(Fault.SignalChanged, workflow))
            {
                world.Broker.SendAt(signal with { Content = 2 }, at + rng.LogUniform(1, Spans.Minute));
            }
        }
    }
}
