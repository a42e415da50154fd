namespace SagaFlow.Storage;

/// <summary>Which run of a workflow this is, where its definition begins failed runs again.</summary>
/// <param name="Number">The run, from 1; while the next one is awaited, the one that failed.</param>
/// <param name="Input">The start message as raw JSON: every run begins with it.</param>
/// <param name="NextAt">When the next run begins; <see langword="null"/> while one runs.</param>
internal sealed record RunRecord(int Number, string Input, DateTimeOffset? NextAt);
