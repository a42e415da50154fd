using SagaFlow.Activities;
using SagaFlow.Contracts;

namespace SagaFlow.Storage;

/// <summary>One row of <c>activity</c>, column by column. What has structure of its own stands in it as JSON.</summary>
internal sealed record ActivityRow
{
    /// <summary>Stands for what was written when the row was new and never changes.</summary>
    public const string Unwritten = "";

    // Most rows: not worth a parser.
    private const string NoAttempts = "[]";

    public required Guid WorkflowId { get; init; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string WorkflowType { get; init; }
    public string? GroupId { get; init; }
    public string? EndsWith { get; init; }
    public required string TaskQueue { get; init; }
    public required TokenScope TokenScope { get; init; }

    /// <summary>Its policy as JSON; <see cref="Unwritten"/> in a row that updates one.</summary>
    public required string Policy { get; init; }

    public required string Arguments { get; init; }
    public required DateTimeOffset ScheduledAt { get; init; }

    public required int Version { get; init; }
    public required ActivityStatus Status { get; init; }
    public required int Attempt { get; init; }
    public required int ReleasedCount { get; init; }
    public required DateTimeOffset AttemptScheduledAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public string? ClaimId { get; init; }
    public DateTimeOffset? LastHeartbeatAt { get; init; }
    public long? HeartbeatSequence { get; init; }
    public string? Checkpoint { get; init; }
    public required bool CancelRequested { get; init; }
    public string? CancelReason { get; init; }
    public DateTimeOffset? GraceUntil { get; init; }
    public required string ClosedAttempts { get; init; }
    public string? Result { get; init; }
    public string? Failure { get; init; }
    public TimeoutType? TimeoutType { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DeadlineKind? DueKind { get; init; }
    public required int DueVersion { get; init; }

    /// <summary>Set while a ring of this deadline is on its way; from this instant on it may ring again. Only the alarm store sets it.</summary>
    public DateTimeOffset? RingAfter { get; init; }

    /// <summary>Makes the row of a record, with the record's own version.</summary>
    public static ActivityRow From(ActivityRecord record)
    {
        var state = record.State;
        if (state.Due is { } due && due.Version != state.DueVersion)
        {
            throw new InvalidOperationException(
                $"The deadline of activity '{state.Id}' has version {due.Version}, its row {state.DueVersion}: its rings would all be stale.");
        }

        return new ActivityRow
        {
            WorkflowId = state.WorkflowId,
            Id = state.Id,
            Name = state.Name,
            WorkflowType = record.WorkflowType,
            GroupId = state.GroupId,
            EndsWith = state.EndsWith,
            TaskQueue = state.TaskQueue,
            TokenScope = state.Policy.TokenScope,
            Policy = record.Version == 0 ? StoreJson.Write(state.Policy) : Unwritten,
            Arguments = state.Arguments,
            ScheduledAt = state.ScheduledAt,
            Version = record.Version,
            Status = state.Status,
            Attempt = state.Attempt,
            ReleasedCount = state.ReleasedCount,
            AttemptScheduledAt = state.AttemptScheduledAt,
            StartedAt = state.StartedAt,
            ClaimId = state.ClaimId,
            LastHeartbeatAt = state.LastHeartbeatAt,
            HeartbeatSequence = state.HeartbeatSequence,
            Checkpoint = state.Checkpoint,
            CancelRequested = state.CancelRequested,
            CancelReason = state.CancelReason,
            GraceUntil = state.GraceUntil,
            ClosedAttempts = state.ClosedAttempts.Count == 0 ? NoAttempts : StoreJson.Write(state.ClosedAttempts),
            Result = state.Result,
            Failure = state.Failure is { } failure ? StoreJson.Write(failure) : null,
            TimeoutType = state.TimeoutType,
            ClosedAt = state.ClosedAt,
            DueAt = state.Due?.At,
            DueKind = state.Due?.Kind,
            DueVersion = state.DueVersion,
        };
    }

    /// <summary>Makes the record of this row.</summary>
    public ActivityRecord ToRecord() => new(ToState(), Version, WorkflowType);

    private ActivityState ToState() => new()
    {
        WorkflowId = WorkflowId,
        Id = Id,
        Name = Name,
        GroupId = GroupId,
        EndsWith = EndsWith,
        TaskQueue = TaskQueue,
        Policy = StoreJson.Read<ActivityPolicy>(Policy),
        Arguments = Arguments,
        Status = Status,
        Attempt = Attempt,
        ReleasedCount = ReleasedCount,
        ScheduledAt = ScheduledAt,
        AttemptScheduledAt = AttemptScheduledAt,
        StartedAt = StartedAt,
        ClaimId = ClaimId,
        LastHeartbeatAt = LastHeartbeatAt,
        HeartbeatSequence = HeartbeatSequence,
        Checkpoint = Checkpoint,
        CancelRequested = CancelRequested,
        CancelReason = CancelReason,
        GraceUntil = GraceUntil,
        Due = DueAt is { } at && DueKind is { } kind ? new Deadline(at, kind, DueVersion) : null,
        DueVersion = DueVersion,
        ClosedAttempts = ClosedAttempts == NoAttempts ? [] : StoreJson.Read<IReadOnlyList<ClosedAttempt>>(ClosedAttempts),
        Result = Result,
        Failure = Failure is { } failure ? StoreJson.Read<ActivityFailure>(failure) : null,
        TimeoutType = TimeoutType,
        ClosedAt = ClosedAt,
    };
}
