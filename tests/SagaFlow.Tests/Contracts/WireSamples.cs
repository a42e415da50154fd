using System.Text;
using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Contracts;

internal static class WireSamples
{
    public const string Token = "sf1.k1.AQID.BAUG";

    /// <summary>A request with every field set.</summary>
    public static ActivityRequest Request { get; } = new()
    {
        MessageId = new Guid("11111111-2222-5333-8444-555555555555"),
        WorkflowType = "data-routing",
        WorkflowId = new Guid("6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11"),
        ActivityId = "Transmit-2",
        Activity = "Transmit",
        Attempt = 3,
        TaskToken = Token,
        HeartbeatToken = Token,
        Arguments = Json("""{ "provider" : "north" }"""),
        ScheduledAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero),
        ScheduleToCloseDeadline = new DateTimeOffset(2026, 3, 1, 13, 0, 0, TimeSpan.Zero),
        StartToCloseTimeoutMs = 10_000,
        ScheduleToStartTimeoutMs = 60_000,
        HeartbeatTimeoutMs = 2_000,
        Checkpoint = Json("[ 7 ]"),
        AnswerTo = new AnswerAddress("sagaflow.answers", "data-routing"),
        Traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    /// <summary>An answer with every field set, also those that its kind has no use for.</summary>
    public static ActivityAnswer Answer { get; } = new()
    {
        Kind = AnswerKind.Failed,
        TaskToken = Token,
        MessageId = "message-7",
        Result = Json("1"),
        Failure = new ActivityFailure("PartnerRejected", "GLN unknown", "at the gate", Retryable: false, TimeSpan.FromSeconds(3)),
        Checkpoint = Json("2"),
        Sequence = 4,
        RunningForMs = 250,
        ClaimId = "claim-7",
        Attempt = 2,
    };

    public static Receipt Receipt { get; } = new(
        Disposition.StaleAttempt, "A newer attempt runs", 4, CancelRequested: true, new Guid("6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11"))
    {
        Code = "a_newer_attempt",
    };

    public static ActivityCancellation Cancellation { get; } =
        new(new Guid("6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11"), "Transmit-2", 3, "The order was recalled");

    public static JsonElement Json(string json) => JsonElement.Parse(json);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
