using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>What the end of a workflow leaves in its history and tells its open activities.</summary>
internal static class WorkflowEnd
{
    public static string HistoryKindOf(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Completed => HistoryKind.WorkflowCompleted,
        WorkflowStatus.Canceled => HistoryKind.WorkflowCanceled,
        WorkflowStatus.TimedOut => HistoryKind.WorkflowTimedOut,
        _ => HistoryKind.WorkflowFailed,
    };

    public static string HistoryDataOf(WorkflowStatus status, string? result, ActivityFailure? failure) => status switch
    {
        WorkflowStatus.Completed => HistoryData.Result(result),
        WorkflowStatus.Canceled => HistoryData.Reason(failure!.Message),
        _ => HistoryData.Failure(failure!),
    };

    /// <summary>What happens to an activity that is still open: late answers are told whether the workflow was canceled.</summary>
    public static ActivityEvent EventOf(WorkflowRecord workflow) =>
        workflow is { Status: WorkflowStatus.Canceled, Failure: { } failure }
            ? new ActivityEvent.WorkflowEnded(RawJson.Read<ActivityFailure>(failure).Message, Canceled: true)
            : new ActivityEvent.WorkflowEnded($"The workflow ended: {workflow.Status}", Canceled: false);
}
