using Microsoft.Extensions.Logging;

namespace SagaFlow.Client;

internal static partial class Log
{
    [LoggerMessage(EventIds.DeliveryFailed, LogLevel.Warning, "Delivery {MessageId} failed {Failures} times and is tried again after {Delay}")]
    public static partial void DeliveryFailed(this ILogger logger, Exception exception, string? messageId, int failures, TimeSpan delay);
}
