using SagaFlow.Activities;

namespace SagaFlow.Storage;

/// <summary>Questions about what is stored, for people, for start-up checks and for recovery. Reads what is committed.</summary>
internal interface IWorkflowReader
{
    /// <summary>Reads one workflow; <see langword="null"/> when there is none.</summary>
    Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken);

    /// <summary>Reads the workflows of a type that began last, the latest first.</summary>
    Task<IReadOnlyList<WorkflowRecord>> ReadLatestAsync(string type, int limit, CancellationToken cancellationToken);

    /// <summary>Reads a workflow's activities in the order in which they were scheduled.</summary>
    Task<IReadOnlyList<ActivityState>> ReadActivitiesAsync(Guid workflowId, CancellationToken cancellationToken);

    /// <summary>Reads a page of a workflow's history, after the given sequence number.</summary>
    Task<IReadOnlyList<HistoryEvent>> ReadHistoryAsync(Guid workflowId, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Counts running workflows by type, state and definition version: what a new definition must still accept.</summary>
    Task<IReadOnlyList<StateCount>> CountRunningStatesAsync(CancellationToken cancellationToken);

    /// <summary>Reads one running workflow of a type, state and definition version, for a trial of its migration; <see langword="null"/> when there is none.</summary>
    Task<WorkflowRecord?> FindRunningAsync(string type, string state, int definitionVersion, CancellationToken cancellationToken);

    /// <summary>Reads a page of the ids of a type's running workflows, in id order, after the given one.</summary>
    Task<IReadOnlyList<Guid>> ReadRunningIdsAsync(string type, Guid? after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads the open activities whose next deadline is nearest, nearest first.</summary>
    Task<IReadOnlyList<ActivityState>> ReadNearestDueAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Counts the open activities of running workflows. It costs time by the number of those, not of all that ever ran.</summary>
    Task<long> CountOpenActivitiesAsync(CancellationToken cancellationToken);

    /// <summary>Reads a page of open activities whose current attempt is handed out but not started, in id order, after the given one.</summary>
    Task<IReadOnlyList<ActivityRecord>> ReadUnstartedAsync((Guid WorkflowId, string ActivityId)? after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads a page of groups whose condition is met and whose workflow has not been told, in id order, after the given one.</summary>
    Task<IReadOnlyList<GroupRecord>> ReadMetGroupsAsync((Guid WorkflowId, string GroupId)? after, int limit, CancellationToken cancellationToken);
}
