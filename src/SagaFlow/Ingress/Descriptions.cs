using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>Stored rows as a client sees them.</summary>
internal static class Descriptions
{
    public static WorkflowDescription Of(WorkflowRecord workflow)
    {
        var run = workflow.Run is { } stored ? StoreJson.Read<RunRecord>(stored) : null;
        return WithoutRun(workflow) with { Run = run?.Number ?? 1, NextRunAt = workflow.Status == WorkflowStatus.Running ? run?.NextAt : null };
    }

    private static WorkflowDescription WithoutRun(WorkflowRecord workflow) => new()
    {
        Id = workflow.Id,
        Type = workflow.Type,
        BusinessKey = workflow.BusinessKey,
        State = workflow.State,
        Status = workflow.Status.ToString(),
        DefinitionVersion = workflow.DefinitionVersion,
        Result = Parse(workflow.Result),
        Failure = workflow.Failure is null ? null : RawJson.Read<ActivityFailure>(workflow.Failure),
        CreatedAt = workflow.CreatedAt,
        UpdatedAt = workflow.UpdatedAt,
        ClosedAt = workflow.ClosedAt,
        DeadlineAt = workflow.DeadlineAt,
    };

    public static WorkflowHistoryEvent Of(HistoryEvent @event) =>
        new(@event.Sequence, @event.At, @event.Kind, @event.ActivityId, @event.Attempt, Parse(@event.Data));

    public static ActivityDescription Of(ActivityState activity) => new()
    {
        Id = activity.Id,
        Name = activity.Name,
        TaskQueue = activity.TaskQueue,
        Status = activity.Status.ToString(),
        Attempt = activity.Attempt,
        ScheduledAt = activity.ScheduledAt,
        StartedAt = activity.StartedAt,
        LastHeartbeatAt = activity.LastHeartbeatAt,
        Checkpoint = Parse(activity.Checkpoint),
        DueAt = activity.Due?.At,
        Result = Parse(activity.Result),
        Failure = activity.Failure,
        ClosedAt = activity.ClosedAt,
    };

    private static JsonElement? Parse(string? raw) => raw is null ? null : RawJson.Parse(raw);
}
