using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>Raised for every final non-success of an activity, unless the state handles <c>TimedOut</c> or <c>Canceled</c> itself.</summary>
/// <param name="ActivityId">Which one, such as <c>GetRoute-1</c>.</param>
/// <param name="Attempts">How many attempts were made.</param>
/// <param name="Reason">How it ended.</param>
/// <param name="Failure">The last attempt's failure; for a timeout, one that names the deadline.</param>
public sealed record FailedActivity(string ActivityId, int Attempts, FailureReason Reason, ActivityFailure Failure);
