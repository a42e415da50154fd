using SagaFlow.Contracts;

namespace SagaFlow.Client.Control;

/// <summary>The receipt of a control message, with what a query asked for.</summary>
internal sealed record ControlReply
{
    /// <summary>The code of a question that was to wait for an end and was not let wait.</summary>
    public const string TooManyWaiting = "too_many_waiting";

    public required Disposition Disposition { get; init; }

    public string? Detail { get; init; }

    /// <summary>A stable name of what exactly is wrong, where the disposition leaves it open.</summary>
    public string? Code { get; init; }

    public int? CurrentAttempt { get; init; }

    public bool CancelRequested { get; init; }

    public Guid? WorkflowId { get; init; }

    public WorkflowDescription? Workflow { get; init; }

    public IReadOnlyList<WorkflowHistoryEvent>? History { get; init; }

    public IReadOnlyList<ActivityDescription>? Activities { get; init; }

    public Receipt ToReceipt() => new(Disposition, Detail, CurrentAttempt, CancelRequested, WorkflowId) { Code = Code };

    public static ControlReply From(Receipt receipt) => new()
    {
        Disposition = receipt.Disposition,
        Detail = receipt.Detail,
        Code = receipt.Code,
        CurrentAttempt = receipt.CurrentAttempt,
        CancelRequested = receipt.CancelRequested,
        WorkflowId = receipt.WorkflowId,
    };
}
