namespace SagaFlow.Storage;

/// <summary>One row of <c>committer</c>: the last batch of one engine, written in the batch's own transaction. It answers whether a
/// commit whose reply was lost took place.</summary>
/// <param name="Id">Which engine process.</param>
/// <param name="Batch">The number of its last batch.</param>
/// <param name="Results">What became of that batch, one letter for each change set; <see langword="null"/> when it was given up.</param>
/// <param name="At">When that was.</param>
internal sealed record CommitterRow(long Id, long Batch, string? Results, DateTimeOffset At);
