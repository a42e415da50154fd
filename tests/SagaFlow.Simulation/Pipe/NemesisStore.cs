using SagaFlow.Storage;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The real store with the nemesis before and the oracle behind it.</summary>
internal sealed class NemesisStore(IWorkflowStore inner, PipeEdges edges) : IWorkflowStore
{
    private const int MovedOn = 7;

    public Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken) =>
        inner.LoadAsync(keys, cancellationToken);

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken)
    {
        var changes = changeSets.Single();
        if (!edges.BeforeCommit(changes))
        {
            return await LoseAsync(changes);
        }

        var results = await inner.CommitAsync(changeSets, cancellationToken);
        if (results[0] is CommitResult.Committed or CommitResult.CommittedAndMet)
        {
            await edges.AfterCommitAsync(inner, changes);
        }

        return results;
    }

    public async Task<CommitResult> RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken)
    {
        ChangeSet? changes = null;
        var result = await inner.RunLockedAsync(key, async loaded => changes = await decide(loaded), cancellationToken);
        if (changes is not null && result is CommitResult.Committed or CommitResult.CommittedAndMet)
        {
            await edges.AfterCommitAsync(inner, changes!);
        }

        return result;
    }

    // As if its last guard had moved on since it was loaded: the database itself must say so, and have written nothing.
    private async Task<IReadOnlyList<CommitResult>> LoseAsync(ChangeSet changes)
    {
        if (changes.Activities.Count > 0)
        {
            var last = changes.Activities[^1];
            changes = changes with { Activities = [.. changes.Activities.SkipLast(1), last with { Version = last.Version + MovedOn }] };
        }
        else if (changes.Workflow is { } workflow)
        {
            changes = changes with { Workflow = workflow with { Version = workflow.Version + MovedOn } };
        }
        else
        {
            return [CommitResult.Conflict];
        }

        return await inner.CommitAsync([changes], CancellationToken.None);
    }
}
