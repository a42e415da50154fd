using System.Text.Json;
using SagaFlow.Client;
using SagaFlow.Client.Control;
using SagaFlow.Ingress;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The people of a piped world: they start, signal and cancel.</summary>
internal static class PipePeople
{
    private const long Arrivals = 30 * Spans.Minute;

    public static void Move(PipeWorld world)
    {
        foreach (var program in world.Programs)
        {
            if (world.Plan.Only?.Contains(program.Index) != false)
            {
                world.Tally.Workflows++;
                Start(world, program);
            }
        }
    }

    public static void SendWhatIsMissing(PipeWorld world)
    {
        foreach (var program in world.Programs)
        {
            if (world.Plan.Only?.Contains(program.Index) == false)
            {
                continue;
            }

            foreach (var step in program.Definition.Steps.Where(x => x.Kind == StepKind.Signal && program.Rng.Chance(0.9)))
            {
                SendSignals(world, program, step.Rounds, world.Now, Spans.Hour);
            }
        }
    }

    private static void Start(PipeWorld world, Program program)
    {
        var rng = program.Rng;
        var at = (long)(rng.NextDouble() * Arrivals);
        world.Broker.Send(StartMessage(program, 1, 1), at);
        if (world.Happens(Fault.StartTwice, program))
        {
            world.Broker.Send(StartMessage(program, 2, 1), at + rng.LogUniform(1, Spans.Minute));
        }

        if (world.Happens(Fault.StartChanged, program))
        {
            world.Broker.Send(StartMessage(program, 3, 2), at + rng.LogUniform(Spans.Millisecond, Spans.Minute));
        }

        foreach (var step in program.Definition.Steps.Where(x => x.Kind == StepKind.Signal))
        {
            SendSignals(world, program, step.Rounds, at, 2 * Spans.Hour);
        }

        if (world.Happens(Fault.WorkflowCanceled, program))
        {
            world.Broker.Send(new PipeMessage(program, "cancellation of the workflow", engine => CancelAsync(engine, program)) { Told = ToldKind.Cancel }, at + rng.LogUniform(1, Spans.Hour));
        }
    }

    private static void SendSignals(PipeWorld world, Program program, int count, long from, long within)
    {
        var rng = program.Rng;
        var flood = world.Happens(Fault.SignalFlood, program) ? PipeEngine.KeptMessages + 2 : 0;
        for (var i = 0; i < count + flood; i++)
        {
            var number = ++program.Names;
            var at = from + rng.LogUniform(1, flood > 0 ? Spans.Second : within);
            world.Broker.Send(Signal(program, number, 1), at);
            if (world.Happens(Fault.SignalTwice, program))
            {
                world.Broker.Send(Signal(program, number, 1), at + rng.LogUniform(1, Spans.Minute));
            }

            if (world.Happens(Fault.SignalChanged, program))
            {
                world.Broker.Send(Signal(program, number, 2), at + rng.LogUniform(1, Spans.Minute));
            }
        }
    }

    private static PipeMessage StartMessage(Program program, int id, int content)
    {
        var asked = JsonSerializer.Serialize(new ProgramAsked(program.Key, program.Definition.Timeout, program.Steps, content), PayloadJson.Options);
        return new PipeMessage(program, $"start {id}/{content}", async engine =>
            await engine.Get<StartIngress>().StartAsync(Programs.Type, asked, $"start-{id}", CancellationToken.None))
        {
            Told = ToldKind.Start,
            Cause = new PipeCause { StartContent = content },
        };
    }

    // The same ids for every workflow: a message's name is its own only at its workflow.
    private static PipeMessage Signal(Program program, int number, int content) =>
        new(program, $"signal {number}/{content}", async engine => await engine.Get<SignalIngress>().SignalAsync(
            new SignalWorkflow
            {
                WorkflowType = Programs.Type,
                BusinessKey = program.Key,
                MessageId = $"signal-{number}",
                Event = nameof(ProgramMachine.Told),
                Message = PayloadJson.Write(new ProgramTold(program.Key, content)),
            },
            CancellationToken.None))
        {
            Told = ToldKind.Signal,
            Cause = new PipeCause(Signal: (number, content)),
        };

    private static async Task<Contracts.Receipt?> CancelAsync(PipeEngine engine, Program program) =>
        await engine.Get<CancelIngress>().CancelAsync(new CancelWorkflow { WorkflowType = Programs.Type, BusinessKey = program.Key }, CancellationToken.None);
}
