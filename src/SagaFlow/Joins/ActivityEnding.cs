namespace SagaFlow.Joins;

/// <summary>How a single activity ended, kept in the workflow's row until those that are awaited with it have ended too.</summary>
/// <param name="Id">Which one: an older one of the same name counts nothing.</param>
/// <param name="Result">What it gave, as it came; <see langword="null"/> when it ended without a result.</param>
internal sealed record ActivityEnding(string Id, string? Result);
