namespace SagaFlow.Storage.Postgres;

/// <summary>Loads and commits in PostgreSQL. Commits of many callers share a statement; each stands or falls alone.</summary>
internal sealed class PostgresWorkflowStore(PostgresLoader loader, PostgresCommitter committer, LockedRuns lockedRuns) : IWorkflowStore
{
    public Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken) =>
        loader.LoadAsync(keys, cancellationToken);

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken)
    {
        CommitUnit[] units = [.. changeSets.Select(changes => new CommitUnit(new ChangeSetRows(changes)))];

        // Cancelled before the first is queued: nothing is written. After that all of them are queued, and what is queued commits.
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var unit in units)
        {
            await committer.EnqueueAsync(unit);
        }

        return await Task.WhenAll(units.Select(unit => unit.Completion)).WaitAsync(cancellationToken);
    }

    public Task<CommitResult> RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken) =>
        lockedRuns.RunAsync(key, decide, cancellationToken);
}
