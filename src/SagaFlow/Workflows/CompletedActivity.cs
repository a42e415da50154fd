namespace SagaFlow;

/// <summary>Raised when an activity completed.</summary>
/// <param name="ActivityId">Which one, such as <c>GetRoute-1</c>.</param>
/// <param name="Attempts">How many attempts were made, the successful one included.</param>
/// <param name="Result">What it gave.</param>
public sealed record CompletedActivity<TResult>(string ActivityId, int Attempts, TResult Result);
