namespace SagaFlow.Contracts;

/// <summary>The answer to an answer: what became of it, given only after the change is committed.</summary>
/// <param name="Disposition">What became of the message.</param>
/// <param name="Detail">One sentence for a person; <see langword="null"/> when the disposition says it all.</param>
/// <param name="CurrentAttempt">The activity's current attempt, counted from 1; <see langword="null"/> when it is not known.</param>
/// <param name="CancelRequested"><see langword="true"/> when the holder of the token should stop its work.</param>
/// <param name="WorkflowId">The workflow's id, in the receipt of a start or a query.</param>
public sealed record Receipt(
    Disposition Disposition,
    string? Detail = null,
    int? CurrentAttempt = null,
    bool CancelRequested = false,
    Guid? WorkflowId = null)
{
    /// <summary>Gets a stable name of what exactly is wrong, such as <c>json_duplicate_key</c>; <see langword="null"/> where the disposition
    /// says it all.</summary>
    public string? Code { get; init; }
}
