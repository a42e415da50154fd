namespace SagaFlow;

/// <summary>Raised when a deadline ended an activity and the state handles <c>TimedOut</c>.</summary>
/// <param name="ActivityId">Which one, such as <c>GetRoute-1</c>.</param>
/// <param name="Attempts">How many attempts were made.</param>
/// <param name="TimeoutType">Which deadline passed.</param>
public sealed record TimedOutActivity(string ActivityId, int Attempts, TimeoutType TimeoutType);
