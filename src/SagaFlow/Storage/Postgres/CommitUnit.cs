namespace SagaFlow.Storage.Postgres;

/// <summary>One caller's share of a batch: a change set, or outgoing messages that have arrived.</summary>
internal sealed class CommitUnit
{
    // The caller's continuation must not run on the committer: it would hold up everybody behind it.
    private readonly TaskCompletionSource<CommitResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CommitUnit(ChangeSetRows changes) => Changes = changes;

    public CommitUnit(IReadOnlyList<Guid> arrived) => Arrived = arrived;

    /// <summary>Gets the change set; <see langword="null"/> when there is none.</summary>
    public ChangeSetRows? Changes { get; }

    /// <summary>Gets the ids of messages that have arrived, whose rows are deleted.</summary>
    public IReadOnlyList<Guid> Arrived { get; } = [];

    public int Bytes => (Changes?.Bytes ?? 0) + (16 * Arrived.Count);

    public Task<CommitResult> Completion => _completion.Task;

    /// <summary>Tells the caller what became of it, which is durable.</summary>
    public void Answer(CommitResult result) => _completion.TrySetResult(result);

    /// <summary>Tells the caller that nothing is known to have become of it.</summary>
    public void Refuse(Exception error) => _completion.TrySetException(error);
}
