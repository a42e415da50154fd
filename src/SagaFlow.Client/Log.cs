using Microsoft.Extensions.Logging;

namespace SagaFlow.Client;

internal static partial class Log
{
    [LoggerMessage(EventIds.DeliveryFailed, LogLevel.Warning, "Delivery {MessageId} failed {Failures} times and is tried again after {Delay}")]
    public static partial void DeliveryFailed(this ILogger logger, Exception exception, string? messageId, int failures, TimeSpan delay);

    [LoggerMessage(EventIds.ReplyUnexpected, LogLevel.Debug, "Reply to {CorrelationId} was dropped: nobody waits for it")]
    public static partial void ReplyUnexpected(this ILogger logger, string? correlationId);

    [LoggerMessage(EventIds.SendFailed, LogLevel.Warning, "Message {MessageId} was not accepted for queue {Queue}")]
    public static partial void SendFailed(this ILogger logger, Exception exception, string? messageId, string queue);

    [LoggerMessage(EventIds.CancellationUnreadable, LogLevel.Warning, "Cancellation {MessageId} was dropped: {Problem}")]
    public static partial void CancellationUnreadable(this ILogger logger, string? messageId, string problem);
}
