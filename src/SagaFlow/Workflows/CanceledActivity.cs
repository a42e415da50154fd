namespace SagaFlow;

/// <summary>Raised when an activity was canceled and the state handles <c>Canceled</c>.</summary>
/// <param name="ActivityId">Which one, such as <c>GetRoute-1</c>.</param>
/// <param name="Attempts">How many attempts were made.</param>
public sealed record CanceledActivity(string ActivityId, int Attempts);
