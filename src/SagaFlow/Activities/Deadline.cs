namespace SagaFlow.Activities;

/// <summary>The next instant at which an activity must be looked at. A ring that names another version is stale.</summary>
internal sealed record Deadline(DateTimeOffset At, DeadlineKind Kind, int Version);
