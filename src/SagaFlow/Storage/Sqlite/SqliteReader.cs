using Microsoft.EntityFrameworkCore;
using SagaFlow.Activities;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Answers questions about what is stored, through the model.</summary>
internal sealed class SqliteReader(SqliteDatabase database) : IWorkflowReader
{
    private const string Activities = TableNames.SqlitePrefix + TableNames.Activity;
    private const string Workflows = TableNames.SqlitePrefix + TableNames.Workflow;
    private const string Groups = TableNames.SqlitePrefix + TableNames.ActivityGroup;

    public async Task<WorkflowRecord?> FindWorkflowAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        await using var context = Open();
        return await context.Workflows.AsNoTracking().SingleOrDefaultAsync(workflow => workflow.Id == workflowId, cancellationToken);
    }

    public async Task<IReadOnlyList<WorkflowRecord>> ReadLatestAsync(string type, int limit, CancellationToken cancellationToken)
    {
        await using var context = Open();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Workflows.AsNoTracking()
                .Where(workflow => workflow.Type == type)
                .OrderByDescending(workflow => workflow.CreatedAt)
                .Take(limit),
            cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityState>> ReadActivitiesAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        // Activities of one change set are scheduled at one instant: only the order of their insertion tells them apart.
        await using var context = Open();
        var rows = await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Activities
                .FromSqlRaw($"select * from {Activities} where workflow_id = {{0}} order by rowid", SqliteValues.Text(workflowId))
                .AsNoTracking(),
            cancellationToken);
        return rows.ConvertAll(row => row.ToRecord().State);
    }

    public async Task<IReadOnlyList<HistoryEvent>> ReadHistoryAsync(Guid workflowId, long after, int limit, CancellationToken cancellationToken)
    {
        await using var context = Open();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.History.AsNoTracking()
                .Where(entry => entry.WorkflowId == workflowId && entry.Sequence > after)
                .OrderBy(entry => entry.Sequence)
                .Take(limit),
            cancellationToken);
    }

    public async Task<IReadOnlyList<StateCount>> CountRunningStatesAsync(CancellationToken cancellationToken)
    {
        await using var context = Open();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Workflows
                .Where(workflow => workflow.Status == WorkflowStatus.Running)
                .GroupBy(workflow => new { workflow.Type, workflow.State, workflow.DefinitionVersion })
                .OrderBy(group => group.Key.Type).ThenBy(group => group.Key.State).ThenBy(group => group.Key.DefinitionVersion)
                .Select(group => new StateCount(group.Key.Type, group.Key.State, group.Key.DefinitionVersion, group.Count())),
            cancellationToken);
    }

    public async Task<WorkflowRecord?> FindRunningAsync(string type, string state, int definitionVersion, CancellationToken cancellationToken)
    {
        await using var context = Open();
        return await context.Workflows.AsNoTracking()
            .Where(workflow => workflow.Status == WorkflowStatus.Running && workflow.Type == type
                && workflow.State == state && workflow.DefinitionVersion == definitionVersion)
            .OrderBy(workflow => workflow.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> ReadRunningIdsAsync(string type, Guid? after, int limit, CancellationToken cancellationToken)
    {
        await using var context = Open();
        var rows = context.Workflows.FromSqlRaw(
            $"select * from {Workflows} where status = 'Running' and type = {{0}} and id > {{1}} order by id limit {{2}}",
            type, after is { } last ? SqliteValues.Text(last) : "", limit);
        return await EntityFrameworkQueryableExtensions.ToListAsync(rows.AsNoTracking().Select(workflow => workflow.Id), cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityState>> ReadNearestDueAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = Open();
        var rows = await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Activities
                .FromSqlRaw($"select * from {Activities} where due_at is not null order by due_at limit {{0}}", limit)
                .AsNoTracking(),
            cancellationToken);
        return rows.ConvertAll(row => row.ToRecord().State);
    }

    public async Task<long> CountOpenActivitiesAsync(CancellationToken cancellationToken)
    {
        await using var context = Open();
        return await context.Database
            .SqlQueryRaw<long>(
                $"select count(*) as \"Value\" from {Workflows} w join {Activities} a on a.workflow_id = w.id "
                + "where w.status = 'Running' and a.status in ('Scheduled', 'Started', 'BackingOff')")
            .SingleAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<ActivityRecord>> ReadUnstartedAsync(
        (Guid WorkflowId, string ActivityId)? after, int limit, CancellationToken cancellationToken)
    {
        // The status is written out because only then is the index of unstarted activities used.
        var (workflowId, activityId) = after is { } last ? (SqliteValues.Text(last.WorkflowId), last.ActivityId) : ("", "");
        await using var context = Open();
        var rows = await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Activities
                .FromSqlRaw(
                    $"select * from {Activities} where status = 'Scheduled' and (workflow_id, id) > ({{0}}, {{1}}) order by workflow_id, id limit {{2}}",
                    workflowId, activityId, limit)
                .AsNoTracking(),
            cancellationToken);
        return rows.ConvertAll(row => row.ToRecord());
    }

    public async Task<IReadOnlyList<GroupRecord>> ReadMetGroupsAsync(
        (Guid WorkflowId, string GroupId)? after, int limit, CancellationToken cancellationToken)
    {
        var (workflowId, groupId) = after is { } last ? (SqliteValues.Text(last.WorkflowId), last.GroupId) : ("", "");
        await using var context = Open();
        return await EntityFrameworkQueryableExtensions.ToListAsync(
            context.Groups
                .FromSqlRaw(
                    $"select * from {Groups} where status = 'Met' and (workflow_id, id) > ({{0}}, {{1}}) order by workflow_id, id limit {{2}}",
                    workflowId, groupId, limit)
                .AsNoTracking(),
            cancellationToken);
    }

    private SagaFlowDbContext Open() => new(database.QueryOptions);
}
