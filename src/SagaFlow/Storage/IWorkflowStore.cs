namespace SagaFlow.Storage;

/// <summary>The one seam between the engine and its database: load, then commit change sets whole or not at all.</summary>
/// <remarks>Batch signatures from the first day, so that many change sets can share one transaction and one round trip.
/// Every implementation passes the same conformance suite.</remarks>
internal interface IWorkflowStore
{
    /// <summary>Reads what each key names. The answers stand in the order of the keys.</summary>
    Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken);

    /// <summary>Commits each change set whole or not at all. One that is refused never fails its neighbours.</summary>
    /// <returns>One result for each change set, in their order, given only after the transaction is durable.</returns>
    Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken);

    /// <summary>Locks, loads, decides and commits on one connection: the way out for a message that keeps losing.</summary>
    /// <param name="key">What to lock and load.</param>
    /// <param name="decide">Makes the change set from fresh state; <see langword="null"/> when there is nothing to change.</param>
    /// <param name="cancellationToken">Ends waiting for the lock; a commit under way is finished.</param>
    Task<CommitResult> RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken);
}
