using Microsoft.Extensions.Logging;
using SagaFlow.Client.Faults;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Joins;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The engine's main loop for one message: load, decide, commit; again on fresh state when another message was first.</summary>
internal sealed class TurnRunner(
    IWorkflowStore store,
    KeyLocks locks,
    TurnServices services,
    TimeProvider clock,
    IEnumerable<ICommitListener> listeners,
    ILogger<TurnRunner> logger)
{
    // After this many conflicts the message runs alone, under a lock of the database.
    private const int Conflicts = 2;

    private readonly ICommitListener[] _listeners = [.. listeners];

    /// <summary>Runs one message to its receipt. Nothing is told to the sender before the change set is durable.</summary>
    public async Task<Receipt> RunAsync(LoadKey key, Func<TurnContext, Task<Receipt>> decide, CancellationToken cancellationToken)
    {
        FaultPoints.Pass(FaultPoint.Received);
        for (var conflicts = 0; ; conflicts++)
        {
            await using var context = new TurnContext(store, locks, cancellationToken);
            await context.EnterAsync(key);
            if (conflicts >= Conflicts)
            {
                return await RunAloneAsync(key, context, decide, cancellationToken);
            }

            var loaded = await store.LoadAsync([key], cancellationToken);
            var (receipt, changes) = await DecideAsync(context, loaded[0], decide);
            if (changes is null)
            {
                return receipt;
            }

            FaultPoints.Pass(FaultPoint.Decided);

            // A commit under way is finished: cancelling ends waiting, never a state change.
            var results = await store.CommitAsync([changes], CancellationToken.None);
            if (results[0] == CommitResult.Conflict)
            {
                logger.TurnConflicted(key.WorkflowId, conflicts + 1);
                continue;
            }

            return Conclude(results[0], changes, receipt);
        }
    }

    private async Task<Receipt> RunAloneAsync(
        LoadKey key, TurnContext context, Func<TurnContext, Task<Receipt>> decide, CancellationToken cancellationToken)
    {
        // Everything this turn may wait for is taken before the database's lock: whoever holds it may be waiting to commit.
        await context.HoldWorkflowAsync(key.WorkflowId);
        Receipt? receipt = null;
        ChangeSet? changes = null;
        var result = await store.RunLockedAsync(
            key,
            async loaded =>
            {
                (receipt, changes) = await DecideAsync(context, loaded, decide);
                return changes;
            },
            cancellationToken);
        return changes is null ? receipt! : Conclude(result, changes, receipt!);
    }

    private async Task<(Receipt Receipt, ChangeSet? Changes)> DecideAsync(
        TurnContext context, Loaded loaded, Func<TurnContext, Task<Receipt>> decide)
    {
        context.Turn = new WorkflowTurn(services, loaded, loaded.Now ?? clock.GetUtcNow());
        context.Seen = loaded.Seen;
        context.Timer = loaded.Timer;
        var receipt = await decide(context);
        context.Conclude(receipt.Disposition);
        return (receipt, context.Turn.HasChanges ? Store(context.Turn.ToChangeSet()) : null);
    }

    // A transport that keeps messages is not fed again at a start: what is decided must be stored until it is there.
    private ChangeSet Store(ChangeSet changes) =>
        services.Transport.KeepsMessages
            ? changes with { Outgoing = [.. changes.Outgoing.Concat(changes.Derived).DistinctBy(x => x.Id)], Derived = [] }
            : changes;

    private Receipt Conclude(CommitResult result, ChangeSet changes, Receipt receipt)
    {
        if (result == CommitResult.Conflict)
        {
            throw new InvalidOperationException($"Workflow {changes.WorkflowId} changed under its own lock; the message is delivered again.");
        }

        if (result == CommitResult.Duplicate)
        {
            return new Receipt(Disposition.Duplicate, "This message was applied before", WorkflowId: changes.WorkflowId);
        }

        FaultPoints.Pass(FaultPoint.Committed);
        var committed = result == CommitResult.CommittedAndMet ? WithJoins(changes) : changes;
        foreach (var listener in _listeners)
        {
            listener.OnCommitted(committed);
        }

        return receipt;
    }

    // The join is never stored: the group's row says that it is due. Which of the groups met its condition is not told; the join of one that did not is ignored.
    private ChangeSet WithJoins(ChangeSet changes) => changes with
    {
        Derived =
        [
            .. changes.Derived,
            .. changes.Closings.Select(x => new JoinMessage(changes.WorkflowId, x.GroupId).ToOutgoing(clock.GetUtcNow())),
        ],
    };
}
