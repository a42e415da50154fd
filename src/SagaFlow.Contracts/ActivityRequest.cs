using System.Text.Json;

namespace SagaFlow.Contracts;

/// <summary>What a workflow publishes to a task queue: do this, and answer with this token.</summary>
/// <remarks>On the wire it is one JSON object in camelCase; durations are integer milliseconds, instants RFC 3339.
/// It may be delivered more than once: the attempt's (<see cref="WorkflowId"/>, <see cref="ActivityId"/>) pair is the
/// idempotency key of the work.</remarks>
public sealed record ActivityRequest
{
    /// <summary>Gets the id of this message; the same for each delivery of one attempt.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Gets the workflow's type, in kebab case.</summary>
    public required string WorkflowType { get; init; }

    /// <summary>Gets the workflow's id.</summary>
    public required Guid WorkflowId { get; init; }

    /// <summary>Gets the activity's id within the workflow, such as <c>Transmit-2</c>.</summary>
    public required string ActivityId { get; init; }

    /// <summary>Gets the activity's name, which selects the handler.</summary>
    public required string Activity { get; init; }

    /// <summary>Gets the attempt, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets the secret that the answer must carry. Whoever holds it may answer.</summary>
    public required string TaskToken { get; init; }

    /// <summary>Gets a second secret for the same attempt, with which nothing but heartbeats can be sent; <see langword="null"/> unless the
    /// workflow's author asked for it. It may be given to whoever watches the work but must not end it.</summary>
    public string? HeartbeatToken { get; init; }

    /// <summary>Gets the arguments as the workflow wrote them.</summary>
    public required JsonElement Arguments { get; init; }

    /// <summary>Gets the instant at which this attempt was scheduled.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }

    /// <summary>Gets the instant after which no result of any attempt is taken; <see langword="null"/> when there is none.</summary>
    public DateTimeOffset? ScheduleToCloseDeadline { get; init; }

    /// <summary>Gets how long one attempt may run, in milliseconds from its start; <see langword="null"/> when unlimited.</summary>
    public long? StartToCloseTimeoutMs { get; init; }

    /// <summary>Gets how long the attempt may be queued, in milliseconds; <see langword="null"/> when unlimited.</summary>
    public long? ScheduleToStartTimeoutMs { get; init; }

    /// <summary>Gets the longest silence allowed between heartbeats, in milliseconds; <see langword="null"/> when none are expected.</summary>
    public long? HeartbeatTimeoutMs { get; init; }

    /// <summary>Gets the last checkpoint of the attempts before; <see langword="null"/> when there is none.</summary>
    public JsonElement? Checkpoint { get; init; }

    /// <summary>Gets where answers go.</summary>
    public required AnswerAddress AnswerTo { get; init; }

    /// <summary>Gets the W3C trace context of the workflow's step; <see langword="null"/> when it is not traced.</summary>
    public string? Traceparent { get; init; }

    /// <summary>Names the request without its token and payloads: safe to log.</summary>
    public override string ToString() =>
        $"ActivityRequest {{ WorkflowType = {WorkflowType}, WorkflowId = {WorkflowId}, ActivityId = {ActivityId}, Attempt = {Attempt} }}";
}
