namespace SagaFlow.Worker;

/// <summary>A handler has sent a heartbeat (<c>task:heartbeat</c>). What leaves the process is less: see <see cref="SagaFlowWorkerOptions.MaximumHeartbeatInterval"/>.</summary>
public sealed record AttemptHeartbeat : AttemptEvent;
