using SagaFlow.Activities;

namespace SagaFlow.Storage;

/// <summary>Deadlines as data: what the alarm clock asks. Several engines may ask at once; each ring goes to one of them.</summary>
internal interface IAlarmStore
{
    /// <summary>Claims deadlines that are due, earliest first: each is handed out again only after <paramref name="ringAgainAt"/>.</summary>
    Task<IReadOnlyList<DueRing>> ClaimDueAsync(DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken);

    /// <summary>Claims running workflows whose own deadline is due, earliest first, in the same way.</summary>
    Task<IReadOnlyList<DueWorkflow>> ClaimDueWorkflowsAsync(DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken);

    /// <summary>Finds the earliest deadline, of an activity or a workflow, that is not claimed; <see langword="null"/> when there is none.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);
}
