namespace SagaFlow.Benchmarks.Floor;

/// <summary>What one message changes. The task ends with whether it did, once that is durable.</summary>
internal abstract record FloorChange(Guid WorkflowId)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Done => _done.Task;

    public void Settle(bool changed) => _done.TrySetResult(changed);

    public void Fail(Exception exception) => _done.TrySetException(exception);
}

/// <summary>A new workflow with its activity and the request for it.</summary>
internal sealed record FloorStart(
    Guid WorkflowId, string Key, string InputHash, Guid MessageId, string Arguments, string StartedData, string ScheduledData, Guid RequestId, byte[] Request)
    : FloorChange(WorkflowId);

/// <summary>An attempt that has begun.</summary>
internal sealed record FloorStarted(Guid WorkflowId, string Data) : FloorChange(WorkflowId);

/// <summary>A result, which ends activity and workflow.</summary>
internal sealed record FloorCompletion(
    Guid WorkflowId, int WorkflowVersion, int ActivityVersion, string Result, string ClosedAttempts, string? StartedData, string ResultData)
    : FloorChange(WorkflowId);

/// <summary>A workflow and its activity as they are stored.</summary>
internal sealed record FloorRow(string Key, string WorkflowStatus, int WorkflowVersion, string? Result, DateTime CreatedAt, string ActivityStatus, int ActivityVersion);
