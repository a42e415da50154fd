using System.Text.Json;

namespace SagaFlow.Contracts;

internal static class AnswerReader
{
    public static ActivityAnswer Read(ReadOnlySpan<byte> body, AnswerGiven given)
    {
        var fields = ReadFields(body);
        var kind = ChooseKind(fields.Kind, given.Kind);
        var token = ChooseToken(fields.TaskToken, given.TaskToken);
        var claimId = kind is AnswerKind.Started or AnswerKind.Released && !string.IsNullOrEmpty(fields.ClaimId) ? fields.ClaimId : null;

        // What does not belong to the kind is dropped here, so that it can neither act nor make two equal answers differ.
        return new ActivityAnswer
        {
            Kind = kind,
            TaskToken = token,
            MessageId = string.IsNullOrEmpty(fields.MessageId) ? null : fields.MessageId,
            Result = kind == AnswerKind.Completed ? fields.Result ?? throw WireFormatException.Missing("$.result") : null,
            Failure = kind == AnswerKind.Failed ? fields.Failure ?? throw WireFormatException.Missing("$.failure") : null,
            Checkpoint = kind is AnswerKind.Heartbeat or AnswerKind.Failed or AnswerKind.Released ? fields.Checkpoint : null,
            Sequence = kind == AnswerKind.Heartbeat ? fields.Sequence : null,
            RunningForMs = kind == AnswerKind.Started ? fields.RunningForMs : null,
            ClaimId = claimId,
            Attempt = claimId is null ? null : fields.Attempt,
        };
    }

    private static Fields ReadFields(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var fields = new Fields();
        reader.EnterBody();
        while (reader.NextField(seen, "$") is { } field)
        {
            switch (field)
            {
                case "kind": fields.Kind = reader.ReadName("$.kind"); break;
                case "taskToken": fields.TaskToken = reader.ReadText("$.taskToken"); break;
                case "messageId": fields.MessageId = reader.ReadName("$.messageId", WireLimits.MessageIdLength); break;
                case "result": fields.Result = reader.ReadPayload(); break;
                case "failure": fields.Failure = ReadFailure(ref reader); break;
                case "checkpoint": fields.Checkpoint = reader.ReadCheckpoint("$.checkpoint"); break;
                case "sequence": fields.Sequence = reader.ReadWhole("$.sequence", 0, long.MaxValue); break;
                case "runningForMs": fields.RunningForMs = reader.ReadDurationMs("$.runningForMs"); break;
                case "claimId": fields.ClaimId = reader.ReadName("$.claimId", WireLimits.MessageIdLength); break;
                case "attempt": fields.Attempt = (int?)reader.ReadWhole("$.attempt", 1, int.MaxValue); break;
                default: reader.SkipValue(); break;
            }
        }

        reader.LeaveBody();
        return fields;
    }

    private static ActivityFailure? ReadFailure(ref WireReader reader)
    {
        if (!reader.EnterObject("$.failure"))
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? type = null;
        string? message = null;
        string? details = null;
        bool? retryable = null;
        long? nextRetryDelayMs = null;
        while (reader.NextField(seen, "$.failure") is { } field)
        {
            switch (field)
            {
                case "type": type = reader.ReadName("$.failure.type"); break;
                case "message": message = reader.ReadText("$.failure.message"); break;
                case "details": details = reader.ReadText("$.failure.details"); break;
                case "retryable": retryable = reader.ReadFlag("$.failure.retryable"); break;
                case "nextRetryDelayMs": nextRetryDelayMs = reader.ReadDurationMs("$.failure.nextRetryDelayMs"); break;
                default: reader.SkipValue(); break;
            }
        }

        return new ActivityFailure(
            string.IsNullOrEmpty(type) ? throw WireFormatException.Missing("$.failure.type") : type,
            ErrorText.Clean(message ?? throw WireFormatException.Missing("$.failure.message")),
            details is null ? null : ErrorText.Clean(details),
            retryable ?? true,
            nextRetryDelayMs is { } delay ? TimeSpan.FromMilliseconds(delay) : null);
    }

    private static AnswerKind ChooseKind(string? said, AnswerKind? given)
    {
        if (said is null)
        {
            return given ?? throw WireFormatException.Missing("$.kind");
        }

        if (!WireNames.TryReadKind(said, out var kind))
        {
            throw WireFormatException.Malformed(
                "kind", "Field '$.kind' is none of started, heartbeat, completed, failed, canceled, released");
        }

        return given is null || given == kind
            ? kind
            : throw WireFormatException.Malformed("kind", $"Field '$.kind' contradicts '{given.Value.ToWireName()}', by which the answer was sent");
    }

    private static string ChooseToken(string? said, string? given)
    {
        if (said is not null && given is not null && said != given)
        {
            throw WireFormatException.Malformed("token", "Field '$.taskToken' is not the token of the Authorization header");
        }

        var token = said ?? given;
        if (string.IsNullOrWhiteSpace(token))
        {
            throw WireFormatException.Malformed("token_missing", $"Field '$.taskToken' is {(token is null ? "missing" : "empty")}");
        }

        return TaskToken.TryParse(token, out _, out var problem)
            ? token
            : throw WireFormatException.Malformed("token", $"Field '$.taskToken' is no task token: {problem}");
    }

    private struct Fields
    {
        public string? Kind;
        public string? TaskToken;
        public string? MessageId;
        public JsonElement? Result;
        public ActivityFailure? Failure;
        public JsonElement? Checkpoint;
        public long? Sequence;
        public long? RunningForMs;
        public string? ClaimId;
        public int? Attempt;
    }
}
