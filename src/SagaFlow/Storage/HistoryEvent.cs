namespace SagaFlow.Storage;

/// <summary>One row of <c>history</c>. It never holds a token.</summary>
/// <param name="Sequence">Increasing in the whole database, gaps allowed; 0 until it is stored.</param>
/// <param name="WorkflowId">Whose history it is.</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What happened: see <see cref="HistoryKind"/>.</param>
/// <param name="ActivityId">Which activity; <see langword="null"/> for the workflow itself.</param>
/// <param name="Attempt">Which attempt; <see langword="null"/> when it is not about one.</param>
/// <param name="Data">Payload as JSON; <see langword="null"/> when the kind says it all.</param>
internal sealed record HistoryEvent(
    long Sequence, Guid WorkflowId, DateTimeOffset At, string Kind, string? ActivityId, int? Attempt, string? Data);
