using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Simulation.Counting;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;

namespace SagaFlow.Simulation.Pipe;

/// <content>What the engine's edges ask of the world: commits, messages and rings.</content>
internal sealed partial class PipeWorld
{
    bool IPipeWorld.BeforeCommit(ChangeSet changes)
    {
        var program = Journal.Find(changes.WorkflowId);
        if (Happens(Fault.CrashInTransaction, program))
        {
            throw new SimulatedCrashException();
        }

        if (Happens(Fault.ErrorBeforeCommit, program))
        {
            throw new SimulatedErrorException();
        }

        // Two in a row make the engine run the message alone, under a lock of the database.
        _conflicts = _conflicts > 0 ? _conflicts - 1 : Happens(Fault.Conflict, program) ? 1 + Rng.Below(2) : 0;
        return _conflicts == 0;
    }

    async Task IPipeWorld.AfterCommitAsync(IWorkflowStore store, ChangeSet changes)
    {
        _conflicts = 0;
        Tally.Commits++;
        await CommitAgainAsync(store, changes);
        await Journal.RecordAsync(store, changes, Now);
        _trace?.Invoke($"{Now} workflow {Journal.Find(changes.WorkflowId).Index}: commits {string.Join(", ", changes.History.Select(x => $"{x.Kind} {x.ActivityId} {x.Attempt}"))}");
        if (Happens(Fault.CrashCommitted, Journal.Find(changes.WorkflowId)))
        {
            throw new SimulatedCrashException();
        }
    }

    // A second message that was decided on the same rows: the versions must refuse it.
    private async Task CommitAgainAsync(IWorkflowStore store, ChangeSet changes)
    {
        if (Rng.Below(10) == 0 && changes.Activities.Any(x => x.Version > 0) && changes.Inbox is null)
        {
            var result = await store.CommitAsync([changes with { Workflow = null }], CancellationToken.None);
            if (result[0] != CommitResult.Conflict)
            {
                Oracle.Break("I14", $"a change set on rows that have moved on was {result[0]}", Journal.Find(changes.WorkflowId).Index, Now);
            }
        }
    }

    void IPipeWorld.Send(OutgoingMessage message)
    {
        var program = Journal.Find(message.WorkflowId);
        switch (message.Kind)
        {
            case OutgoingKind.ActivityRequest when WireJson.TryReadRequest(message.Body, out var request, out _):
                Oracle.Requested(program.Index, program.IndexOf(request.ActivityId), request.Attempt, Now);
                Send(new PipeMessage(program, $"request {request.ActivityId} {request.Attempt}", null) { Request = request }, Now);
                break;
            case OutgoingKind.Join:
                Send(new PipeMessage(program, "join", engine => JoinAsync(engine, message)), Now);
                break;
            case OutgoingKind.Cancel when WireJson.TryReadCancellation(message.Body, out var cancellation, out _):
                _workers.Stop(program, cancellation);
                break;
        }

        if (Happens(Fault.CrashPublished, program))
        {
            throw new SimulatedCrashException();
        }
    }

    void IPipeWorld.Ring(Ring ring)
    {
        var program = Journal.Find(ring.WorkflowId);
        var cause = ring.Timer is { } timer
            ? new PipeCause(TimerId: timer)
            : new PipeCause(ring.ActivityId, new Happening(HappeningKind.Ring)
            {
                Attempt = ring.Attempt, RingKind = Translation.Kind(ring.Kind), RingVersion = ring.Version,
            });
        Ring(new PipeMessage(program, ring.ToString(), engine => RingAsync(engine, ring.Write())) { Cause = cause });
    }

    void IPipeWorld.Ring(WorkflowRing ring) =>
        Ring(new PipeMessage(Journal.Find(ring.WorkflowId), "ring of the workflow", engine => RingAsync(engine, ring.Write())));

    private void Ring(PipeMessage ring)
    {
        var late = Happens(Fault.RingLate, ring.Program) ? ring.Program.Rng.LogUniform(1, LongestRingDelay) : 0;
        if (!Happens(Fault.RingNever, ring.Program))
        {
            Send(ring, Now + late);
        }

        if (Happens(Fault.RingTwice, ring.Program))
        {
            Send(ring, Now + ring.Program.Rng.LogUniform(1, Spans.Minute));
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
