using SagaFlow.Activities;

namespace SagaFlow.Storage;

/// <summary>Deadlines as data: what the alarm clock asks. Several engines may ask at once; each ring goes to one of them.</summary>
internal interface IAlarmStore
{
    /// <summary>Claims deadlines that are due, earliest first: each is handed out again only after <paramref name="ringAgainAt"/>.</summary>
    Task<IReadOnlyList<DueRing>> ClaimDueAsync(DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken);

    /// <summary>Claims running workflows whose own deadline is due, earliest first, in the same way.</summary>
    Task<IReadOnlyList<DueWorkflow>> ClaimDueWorkflowsAsync(DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken);

    /// <summary>Claims timers of the authors that are due, earliest first, as <see cref="ClaimDueAsync"/> does deadlines.</summary>
    Task<IReadOnlyList<DueTimer>> ClaimDueTimersAsync(DateTimeOffset now, DateTimeOffset ringAgainAt, int limit, CancellationToken cancellationToken);

    /// <summary>Moves timers that became due after one instant and not after another to a third: nobody was there to raise them.</summary>
    /// <returns>How many were moved.</returns>
    Task<int> PostponeTimersAsync(DateTimeOffset since, DateTimeOffset until, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Finds the earliest deadline, of an activity or a workflow, or timer that is not claimed; <see langword="null"/> when there is none.</summary>
    Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken);
}
