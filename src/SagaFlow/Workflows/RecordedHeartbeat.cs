namespace SagaFlow.Workflows;

/// <summary>A heartbeat that a turn has recorded, for a workflow that listens to it.</summary>
internal sealed record RecordedHeartbeat(string ActivityName, ActivityHeartbeat Message);
