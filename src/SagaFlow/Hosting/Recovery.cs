using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Dispatch;
using SagaFlow.Joins;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>What an engine does at its start, because time has passed and the in-memory transport has forgotten everything; and after a silence.</summary>
internal sealed class Recovery(
    IWorkflowReader reader,
    IOutbox outbox,
    IEngineRegister register,
    WorkflowEngine engine,
    ActivityRequestFactory requests,
    OutgoingDispatcher dispatcher,
    TransportTraits transport,
    IStoreClock clock,
    ILogger<Recovery> logger)
{
    /// <summary>A shorter silence is a restart; deadlines that pass within it are honest.</summary>
    public static readonly TimeSpan ShortestBlackout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private const int PageSize = 500;

    /// <summary>Gives a grace to deadlines that passed while no engine was alive, so that answers already on their way are read first.</summary>
    public async Task MoveMissedDeadlinesAsync(IAlarmStore alarms, CancellationToken cancellationToken)
    {
        var now = await clock.ReadAsync(cancellationToken);
        if (await register.LastAliveAsync(cancellationToken) is not { } last || now - last <= ShortestBlackout
            || Mutants.On(Mutant.NoGraceAfterBlackout))
        {
            return;
        }

        var blackout = new ActivityEvent.Blackout(last, now, Grace);
        var moved = 0;
        IReadOnlyList<DueRing> missed;
        do
        {
            // Claimed for the shortest time that every database keeps, so that the loop meets each once: what is not moved, such as a
            // back-off, rings at once.
            missed = await alarms.ClaimDueAsync(now, now.AddMicroseconds(1), PageSize, cancellationToken);
            foreach (var ring in missed)
            {
                await engine.ApplyAsync(ring.WorkflowId, ring.ActivityId, blackout, cancellationToken);
            }

            moved += missed.Count;
        }
        while (missed.Count == PageSize);

        moved += await PostponeWorkflowsAsync(alarms, now, cancellationToken);
        moved += await alarms.PostponeTimersAsync(last, now, now + Grace, cancellationToken);
        logger.DeadlinesMoved(moved, now + Grace);
    }

    // A claim that lasts until the grace is over: the deadline itself stays what it is.
    private static async Task<int> PostponeWorkflowsAsync(IAlarmStore alarms, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var postponed = 0;
        IReadOnlyList<DueWorkflow> missed;
        do
        {
            missed = await alarms.ClaimDueWorkflowsAsync(now, now + Grace, PageSize, cancellationToken);
            postponed += missed.Count;
        }
        while (missed.Count == PageSize);

        return postponed;
    }

    /// <summary>Sends again what was decided before the stop and has not arrived: attempts not started, and the author's messages.</summary>
    /// <remarks>Not on a broker: it has kept what it confirmed, and a sweep sends the rest.</remarks>
    public async Task DispatchAgainAsync(CancellationToken cancellationToken)
    {
        if (transport.KeepsMessages)
        {
            return;
        }

        var now = await clock.ReadAsync(cancellationToken);
        var count = 0;
        (Guid, string)? after = null;
        IReadOnlyList<ActivityRecord> page;
        do
        {
            page = await reader.ReadUnstartedAsync(after, PageSize, cancellationToken);
            dispatcher.Enqueue(Mutants.On(Mutant.NothingDispatchedAgain) ? [] : page.Select(x => requests.Create(x, now)));
            count += page.Count;
            after = page.Count == 0 ? after : (page[^1].State.WorkflowId, page[^1].State.Id);
        }
        while (page.Count == PageSize);

        await JoinAgainAsync(now, cancellationToken);
        dispatcher.Enqueue(await outbox.ReadUnconfirmedAsync(DateTimeOffset.MaxValue, int.MaxValue, cancellationToken));
        logger.AttemptsDispatchedAgain(count);
    }

    // Their condition is met, but their workflow was not told before the stop.
    private async Task JoinAgainAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        (Guid, string)? after = null;
        IReadOnlyList<GroupRecord> page;
        do
        {
            page = await reader.ReadMetGroupsAsync(after, PageSize, cancellationToken);
            dispatcher.Enqueue(Mutants.On(Mutant.JoinNotMadeAgain) ? [] : page.Select(x => new JoinMessage(x.WorkflowId, x.Id).ToOutgoing(now)));
            after = page.Count == 0 ? after : (page[^1].WorkflowId, page[^1].Id);
        }
        while (page.Count == PageSize);
    }
}
