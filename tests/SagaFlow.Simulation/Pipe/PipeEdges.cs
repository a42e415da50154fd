using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Databases;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Pipe;

/// <summary>What the engine's edges meet in the world: its commits, its messages and its rings.</summary>
internal sealed class PipeEdges(PipeWorld world, IPipeDatabase database)
{
    // A connection is made anew, which costs as much as a workflow.
    private const int NetworkIsRarer = 4;

    // Dice of its own: the same world runs on a database without a network.
    private readonly Rng _network = new(Rng.Mix(world.Plan.Seed, ulong.MaxValue - 1));
    private int _conflicts;
    private Exception? _end;

    /// <summary>Forgets what it began with an engine that is dead now.</summary>
    public void Forget() => (_conflicts, _end) = (0, null);

    /// <summary>Throws what has ended this engine: it may have caught it, and a dead engine does nothing more.</summary>
    public void Check()
    {
        if (_end is not null)
        {
            throw _end;
        }
    }

    /// <summary>Before a change set is committed: <see langword="false"/> lets it lose to another one that was first.</summary>
    public bool BeforeCommit(ChangeSet changes)
    {
        Check();
        var program = world.Journal.Find(changes.WorkflowId);
        if (world.Happens(Fault.CrashInTransaction, program))
        {
            throw End(new SimulatedCrashException());
        }

        if (world.Happens(Fault.ErrorBeforeCommit, program))
        {
            // A start tries again at once, and here no time passes in which its claims could end: it is left to try later.
            var error = new SimulatedErrorException();
            throw world.Process.IsStarting ? End(error) : error;
        }

        // Two in a row make the engine run the message alone, under a lock of the database.
        _conflicts = _conflicts > 0 ? _conflicts - 1 : world.Happens(Fault.Conflict, program) ? 1 + world.Rng.Below(2) : 0;
        if (_conflicts == 0)
        {
            BreakNetwork(program);
        }

        return _conflicts == 0;
    }

    public async Task AfterCommitAsync(IWorkflowStore store, ChangeSet changes)
    {
        _conflicts = 0;
        world.Tally.Commits++;
        await CommitAgainAsync(store, changes);
        await world.Journal.RecordAsync(store, changes, world.Now);
        var program = world.Journal.Find(changes.WorkflowId);
        world.Trace?.Invoke($"{world.Now} workflow {program.Index}: commits {string.Join(", ", changes.History.Select(x => $"{x.Kind} {x.ActivityId} {x.Attempt}"))}");
        if (world.Happens(Fault.CrashCommitted, program))
        {
            throw End(new SimulatedCrashException());
        }
    }

    public void Send(OutgoingMessage message)
    {
        var program = world.Journal.Find(message.WorkflowId);
        switch (message.Kind)
        {
            case OutgoingKind.ActivityRequest when WireJson.TryReadRequest(message.Body, out var request, out _):
                world.Oracle.Requested(program.Index, program.IndexOf(request.ActivityId), request.Attempt, world.Now);
                world.Broker.Send(new PipeMessage(program, $"request {request.ActivityId} {request.Attempt}", null) { Request = request }, world.Now);
                break;
            case OutgoingKind.Join:
                world.Broker.Send(new PipeMessage(program, "join", engine => JoinAsync(engine, message)), world.Now);
                break;
            case OutgoingKind.Cancel when WireJson.TryReadCancellation(message.Body, out var cancellation, out _):
                world.Workers.Stop(program, cancellation);
                break;
        }

        if (world.Happens(Fault.CrashPublished, program))
        {
            throw End(new SimulatedCrashException());
        }
    }

    public void Ring(Ring ring)
    {
        var program = world.Journal.Find(ring.WorkflowId);
        var cause = ring.Timer is { } timer
            ? new PipeCause(TimerId: timer)
            : new PipeCause(ring.ActivityId, new Happening(HappeningKind.Ring)
            {
                Attempt = ring.Attempt, RingKind = Translation.Kind(ring.Kind), RingVersion = ring.Version,
            });
        world.Broker.Ring(new PipeMessage(program, ring.ToString(), engine => RingAsync(engine, ring.Write())) { Cause = cause });
    }

    public void Ring(WorkflowRing ring) =>
        world.Broker.Ring(new PipeMessage(world.Journal.Find(ring.WorkflowId), "ring of the workflow", engine => RingAsync(engine, ring.Write())));

    private Exception End(Exception end) => _end = end;

    private void BreakNetwork(Program program)
    {
        foreach (var fault in database.NetworkFaults)
        {
            if (world.Happens(fault, program, _network, NetworkIsRarer))
            {
                database.BreakNextCommit(fault);
                return;
            }
        }
    }

    // A second message that was decided on the same rows: the versions must refuse it.
    private async Task CommitAgainAsync(IWorkflowStore store, ChangeSet changes)
    {
        if (world.Rng.Below(10) == 0 && changes.Activities.Any(x => x.Version > 0) && changes.Inbox is null)
        {
            var result = await store.CommitAsync([changes with { Workflow = null }], CancellationToken.None);
            if (result[0] != CommitResult.Conflict)
            {
                world.Oracle.Break("I14", $"a change set on rows that have moved on was {result[0]}", world.Journal.Find(changes.WorkflowId).Index, world.Now);
            }
        }
    }

    private static async Task<Receipt?> RingAsync(PipeEngine engine, byte[] ring)
    {
        var message = engine.Get<InternalMac>().Sign(new RawMessage { Body = ring });
        await engine.Get<RingEndpoint>().HandleAsync(message, CancellationToken.None);
        return null;
    }

    private static async Task<Receipt?> JoinAsync(PipeEngine engine, OutgoingMessage join)
    {
        var message = engine.Get<InternalMac>().Sign(new RawMessage { Body = join.Body });
        await engine.Get<JoinEndpoint>().HandleAsync(message, CancellationToken.None);
        return null;
    }
}
