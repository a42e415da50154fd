namespace SagaFlow.Workflows;

/// <summary>What a definition reads from its start message.</summary>
/// <param name="BusinessKey">The key, checked and normalized.</param>
/// <param name="Timeout">How long the workflow may take; <see langword="null"/> when it has no limit.</param>
/// <param name="Retries">Whether a failed run begins again.</param>
internal sealed record StartTerms(string BusinessKey, TimeSpan? Timeout, bool Retries);
