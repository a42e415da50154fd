namespace SagaFlow.Activities;

/// <summary>What a workflow asks for. Becomes an <see cref="ActivityState"/> with its first attempt handed out.</summary>
internal sealed record ScheduleRequest
{
    public required Guid WorkflowId { get; init; }

    /// <summary><c>&lt;name&gt;-&lt;n&gt;</c>, n from 1 within the workflow.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }
    public string? GroupId { get; init; }

    /// <summary>The name of the activity with which this one ends; <see langword="null"/> for none.</summary>
    public string? EndsWith { get; init; }

    public required string TaskQueue { get; init; }
    public required ActivityPolicy Policy { get; init; }
    public required string Arguments { get; init; }
}
