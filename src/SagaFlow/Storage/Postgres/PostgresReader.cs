using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using SagaFlow.Activities;

namespace SagaFlow.Storage.Postgres;

/// <summary>Answers questions about what is stored, through the model.</summary>
internal sealed class PostgresReader(PostgresDatabase database, PostgresLoader loader) : IWorkflowReader
{
    private static readonly Expression<Func<ActivityRow, long>> Scheduled = row => EF.Property<long>(row, SagaFlowDbContext.OrderColumn);

    public async Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        // Callers who wait for an end ask it for every workflow: it shares the round trip of the turns that load at the same moment.
        var loaded = await loader.LoadAsync([new LoadKey(workflowId) { Workflow = true }], cancellationToken);
        return loaded[0].Workflow;
    }

    public async Task<IReadOnlyList<WorkflowRecord>> ReadLatestAsync(string type, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await ListAsync(
            context.Workflows.Where(workflow => workflow.Type == type).OrderByDescending(workflow => workflow.CreatedAt).Take(limit), cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityState>> ReadActivitiesAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        // Activities of one change set are scheduled at one instant: only the order of their insertion tells them apart.
        await using var context = database.OpenModel();
        var rows = await ListAsync(context.Activities.Where(row => row.WorkflowId == workflowId).OrderBy(Scheduled), cancellationToken);
        return rows.ConvertAll(row => row.ToRecord().State);
    }

    public async Task<IReadOnlyList<HistoryEvent>> ReadHistoryAsync(Guid workflowId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await ListAsync(
            context.History.Where(entry => entry.WorkflowId == workflowId && entry.Sequence > after).OrderBy(entry => entry.Sequence).Take(limit),
            cancellationToken);
    }

    public async Task<IReadOnlyList<StateCount>> CountRunningStatesAsync(CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Workflows
                .Where(workflow => workflow.Status == WorkflowStatus.Running)
                .GroupBy(workflow => new { workflow.Type, workflow.State, workflow.DefinitionVersion })
                .OrderBy(group => group.Key.Type).ThenBy(group => group.Key.State).ThenBy(group => group.Key.DefinitionVersion)
                .Select(group => new StateCount(group.Key.Type, group.Key.State, group.Key.DefinitionVersion, group.Count())),
            cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> ReadRunningIdsAsync(string type, Guid? after, int limit, CancellationToken cancellationToken)
    {
        var last = after ?? Guid.Empty;
        await using var context = database.OpenModel();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Workflows
                .Where(workflow => workflow.Status == WorkflowStatus.Running && workflow.Type == type && workflow.Id.CompareTo(last) > 0)
                .OrderBy(workflow => workflow.Id)
                .Select(workflow => workflow.Id)
                .Take(limit),
            cancellationToken);
    }

    public async Task<WorkflowRecord?> FindRunningAsync(string type, string state, int definitionVersion, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        return await context.Workflows.AsNoTracking()
            .Where(workflow => workflow.Status == WorkflowStatus.Running && workflow.Type == type
                && workflow.State == state && workflow.DefinitionVersion == definitionVersion)
            .OrderBy(workflow => workflow.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityState>> ReadNearestDueAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = database.OpenModel();
        var rows = await ListAsync(context.Activities.Where(row => row.DueAt != null).OrderBy(row => row.DueAt).Take(limit), cancellationToken);
        return rows.ConvertAll(row => row.ToRecord().State);
    }

    public async Task<long> CountOpenActivitiesAsync(CancellationToken cancellationToken)
    {
        // By way of the running workflows, which have an index: closed activities stay for as long as their workflows are kept.
        await using var context = database.OpenModel();
        return await context.Workflows
            .Where(workflow => workflow.Status == WorkflowStatus.Running)
            .Join(
                context.Activities.Where(row =>
                    row.Status == ActivityStatus.Scheduled || row.Status == ActivityStatus.Started || row.Status == ActivityStatus.BackingOff),
                workflow => workflow.Id, row => row.WorkflowId, (_, row) => row.Id)
            .LongCountAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityRecord>> ReadUnstartedAsync(
        (Guid WorkflowId, string ActivityId)? after, int limit, CancellationToken cancellationToken)
    {
        var (workflowId, activityId) = after ?? (Guid.Empty, "");
        await using var context = database.OpenModel();
        var rows = await ListAsync(
            context.Activities
                .Where(row => row.Status == ActivityStatus.Scheduled
                    && EF.Functions.GreaterThan(ValueTuple.Create(row.WorkflowId, row.Id), ValueTuple.Create(workflowId, activityId)))
                .OrderBy(row => row.WorkflowId).ThenBy(row => row.Id)
                .Take(limit),
            cancellationToken);
        return rows.ConvertAll(row => row.ToRecord());
    }

    public async Task<IReadOnlyList<GroupRecord>> ReadMetGroupsAsync(
        (Guid WorkflowId, string GroupId)? after, int limit, CancellationToken cancellationToken)
    {
        var (workflowId, groupId) = after ?? (Guid.Empty, "");
        await using var context = database.OpenModel();
        return await ListAsync(
            context.Groups
                .Where(group => group.Status == GroupStatus.Met
                    && EF.Functions.GreaterThan(ValueTuple.Create(group.WorkflowId, group.Id), ValueTuple.Create(workflowId, groupId)))
                .OrderBy(group => group.WorkflowId).ThenBy(group => group.Id)
                .Take(limit),
            cancellationToken);
    }

    // Named in full: the runtime has a ToListAsync of its own for asynchronous streams.
    private static Task<List<T>> ListAsync<T>(IQueryable<T> query, CancellationToken cancellationToken)
        where T : class =>
        EntityFrameworkQueryableExtensions.ToListAsync(query.AsNoTracking(), cancellationToken);
}
