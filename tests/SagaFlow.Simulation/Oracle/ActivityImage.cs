namespace SagaFlow.Simulation.Oracle;

/// <summary>An activity's row as plain values: what the engine stored, or what the oracle expects. Instants are ticks; -1 stands for none.</summary>
internal struct ActivityImage
{
    public const long Never = -1;

    public ActivityImage()
    {
    }

    public Standing Standing { get; set; }
    public int Attempt { get; set; }
    public int Released { get; set; }
    public long ScheduledAt { get; set; }
    public long AttemptScheduledAt { get; set; }
    public long StartedAt { get; set; } = Never;
    public long LastHeartbeatAt { get; set; } = Never;
    public long? Sequence { get; set; }
    public string? Checkpoint { get; set; }
    public bool CancelRequested { get; set; }
    public long GraceUntil { get; set; } = Never;
    public long DueAt { get; set; } = Never;
    public DueKind DueKind { get; set; }
    public int DueVersion { get; set; }
    public string? Result { get; set; }
    public string? FailureType { get; set; }
    public DueKind TimeoutKind { get; set; }
    public long ClosedAt { get; set; } = Never;

    public readonly bool IsClosed => Standing >= Standing.Completed;

    public readonly bool HasOpenAttempt => Standing <= Standing.Started;

    /// <summary>The first difference and the invariant that it breaks; <see langword="null"/> when there is none.</summary>
    public static (string Invariant, string Difference)? Compare(in ActivityImage expected, in ActivityImage actual)
    {
        if (expected.Standing != actual.Standing)
        {
            return ("I14", Text("status", expected.Standing, actual.Standing));
        }

        if (expected.Attempt != actual.Attempt || expected.Released != actual.Released)
        {
            return ("I4", Text("attempt/released", (expected.Attempt, expected.Released), (actual.Attempt, actual.Released)));
        }

        if (!string.Equals(expected.Result, actual.Result, StringComparison.Ordinal))
        {
            return ("I3", Text("result", expected.Result, actual.Result));
        }

        if (expected.DueAt != actual.DueAt || expected.DueKind != actual.DueKind || expected.DueVersion != actual.DueVersion)
        {
            return ("I8", Text(
                "deadline", (expected.DueAt, expected.DueKind, expected.DueVersion), (actual.DueAt, actual.DueKind, actual.DueVersion)));
        }

        return CompareInstants(expected, actual) ?? CompareRest(expected, actual);
    }

    private static (string Invariant, string Difference)? CompareInstants(in ActivityImage expected, in ActivityImage actual)
    {
        if (expected.StartedAt != actual.StartedAt)
        {
            return ("I11", Text("started at", expected.StartedAt, actual.StartedAt));
        }

        if (expected.ScheduledAt != actual.ScheduledAt || expected.AttemptScheduledAt != actual.AttemptScheduledAt)
        {
            return ("I10", Text(
                "scheduled at", (expected.ScheduledAt, expected.AttemptScheduledAt), (actual.ScheduledAt, actual.AttemptScheduledAt)));
        }

        return expected.LastHeartbeatAt != actual.LastHeartbeatAt || expected.GraceUntil != actual.GraceUntil || expected.ClosedAt != actual.ClosedAt
            ? ("I14", Text(
                "heartbeat/grace/closed",
                (expected.LastHeartbeatAt, expected.GraceUntil, expected.ClosedAt), (actual.LastHeartbeatAt, actual.GraceUntil, actual.ClosedAt)))
            : null;
    }

    private static (string Invariant, string Difference)? CompareRest(in ActivityImage expected, in ActivityImage actual)
    {
        var same = expected.Sequence == actual.Sequence
            && expected.CancelRequested == actual.CancelRequested
            && expected.TimeoutKind == actual.TimeoutKind
            && string.Equals(expected.Checkpoint, actual.Checkpoint, StringComparison.Ordinal)
            && string.Equals(expected.FailureType, actual.FailureType, StringComparison.Ordinal);
        return same
            ? null
            : ("I14", Text(
                "sequence/cancel/timeout/checkpoint/failure",
                (expected.Sequence, expected.CancelRequested, expected.TimeoutKind, expected.Checkpoint, expected.FailureType),
                (actual.Sequence, actual.CancelRequested, actual.TimeoutKind, actual.Checkpoint, actual.FailureType)));
    }

    private static string Text<T>(string what, T expected, T actual) => $"{what}: expected {expected}, stored {actual}";
}
