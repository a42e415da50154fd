namespace SagaFlow.Client.Control;

/// <summary>Asks that a workflow end as canceled (<c>kind: cancel</c>). It is named by its id, or by its type and business key.</summary>
internal sealed record CancelWorkflow : ControlMessage
{
    public const int MaximumReasonLength = 1024;

    public Guid? WorkflowId { get; init; }

    public string? WorkflowType { get; init; }

    public string? BusinessKey { get; init; }

    /// <summary>Why, for the history and for the holders of its activities.</summary>
    public string? Reason { get; init; }
}
