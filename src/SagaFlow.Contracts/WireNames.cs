using System.Diagnostics.CodeAnalysis;

namespace SagaFlow.Contracts;

/// <summary>The names that enum members have on the wire, and the HTTP status of each disposition.</summary>
internal static class WireNames
{
    private static readonly (AnswerKind Kind, string Name, string Path)[] Kinds =
    [
        (AnswerKind.Started, "started", "/activities/started"),
        (AnswerKind.Heartbeat, "heartbeat", "/activities/heartbeat"),
        (AnswerKind.Completed, "completed", "/activities/complete"),
        (AnswerKind.Failed, "failed", "/activities/fail"),
        (AnswerKind.Canceled, "canceled", "/activities/canceled"),
        (AnswerKind.Released, "released", "/activities/released"),
    ];

    private static readonly (Disposition Disposition, string Name, int HttpStatus)[] Dispositions =
    [
        (Disposition.Applied, "applied", 200),
        (Disposition.Duplicate, "duplicate", 200),
        (Disposition.Ignored, "ignored", 200),
        (Disposition.Kept, "kept", 202),
        (Disposition.Malformed, "malformed", 400),
        (Disposition.InvalidToken, "invalid_token", 401),
        (Disposition.Forbidden, "forbidden", 403),
        (Disposition.UnknownWorkflow, "unknown_workflow", 404),
        (Disposition.TooLarge, "too_large", 413),
        (Disposition.DuplicateConflict, "duplicate_conflict", 409),
        (Disposition.StaleAttempt, "stale_attempt", 409),
        (Disposition.TimedOut, "timed_out", 410),
        (Disposition.Canceled, "canceled", 410),
        (Disposition.ActivityClosed, "activity_closed", 410),
        (Disposition.WorkflowClosed, "workflow_closed", 410),
        (Disposition.TooMany, "too_many", 429),
    ];

    public static string ToWireName(this AnswerKind kind) => Array.Find(Kinds, x => x.Kind == kind).Name
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of answer.");

    /// <summary>The path to which an answer of this kind is posted over HTTP.</summary>
    public static string ToCallbackPath(this AnswerKind kind) => Array.Find(Kinds, x => x.Kind == kind).Path
        ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of answer.");

    public static string ToWireName(this Disposition disposition) => Find(disposition).Name;

    public static int ToHttpStatus(this Disposition disposition) => Find(disposition).HttpStatus;

    public static bool TryReadKind([NotNullWhen(true)] string? name, out AnswerKind kind)
    {
        var found = Array.Find(Kinds, x => x.Name == name);
        kind = found.Kind;
        return found.Name is not null;
    }

    public static bool TryReadDisposition([NotNullWhen(true)] string? name, out Disposition disposition)
    {
        var found = Array.Find(Dispositions, x => x.Name == name);
        disposition = found.Disposition;
        return found.Name is not null;
    }

    private static (Disposition Disposition, string Name, int HttpStatus) Find(Disposition disposition)
    {
        var found = Array.Find(Dispositions, x => x.Disposition == disposition);
        return found.Name is null
            ? throw new ArgumentOutOfRangeException(nameof(disposition), disposition, "No such disposition.")
            : found;
    }
}
