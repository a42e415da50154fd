using Microsoft.Extensions.Logging;

namespace SagaFlow.Client;

internal static partial class Log
{
    [LoggerMessage(EventIds.DeliveryFailed, LogLevel.Warning, "Delivery {MessageId} failed {Failures} times and is tried again after {Delay}")]
    public static partial void DeliveryFailed(this ILogger logger, Exception? exception, string? messageId, int failures, TimeSpan delay);

    [LoggerMessage(EventIds.ReplyUnexpected, LogLevel.Debug, "Reply to {CorrelationId} was dropped: nobody waits for it")]
    public static partial void ReplyUnexpected(this ILogger logger, string? correlationId);

    [LoggerMessage(EventIds.SendFailed, LogLevel.Warning, "Message {MessageId} was not accepted for queue {Queue}")]
    public static partial void SendFailed(this ILogger logger, Exception exception, string? messageId, string queue);

    [LoggerMessage(EventIds.CancellationUnreadable, LogLevel.Warning, "Cancellation {MessageId} was dropped: {Problem}")]
    public static partial void CancellationUnreadable(this ILogger logger, string? messageId, string problem);

    [LoggerMessage(EventIds.ListeningNotEnded, LogLevel.Warning,
        "Code that was told of a cancellation on queue {Queue} has not returned within {Time}; it is not waited for any longer")]
    public static partial void ListeningNotEnded(this ILogger logger, string queue, TimeSpan time);

    [LoggerMessage(EventIds.HttpCallPostponed, LogLevel.Debug, "The {Question} was not judged over HTTP ({Reason}); trying again")]
    public static partial void HttpCallPostponed(this ILogger logger, string question, string reason);

    [LoggerMessage(EventIds.BrokerUnreachable, LogLevel.Warning, "RabbitMQ at {Broker} cannot be reached ({Reason}); trying again until it can")]
    public static partial void BrokerUnreachable(this ILogger logger, string broker, string reason);

    [LoggerMessage(EventIds.BrokerReached, LogLevel.Information, "RabbitMQ at {Broker} is reached again")]
    public static partial void BrokerReached(this ILogger logger, string broker);

    [LoggerMessage(EventIds.BrokerBlocked, LogLevel.Warning, "RabbitMQ at {Broker} takes no messages ({Reason}); waiting until it does")]
    public static partial void BrokerBlocked(this ILogger logger, string broker, string reason);

    [LoggerMessage(EventIds.BrokerTakesMessages, LogLevel.Information, "RabbitMQ at {Broker} takes messages again")]
    public static partial void BrokerTakesMessages(this ILogger logger, string broker);

    [LoggerMessage(EventIds.MessageReturned, LogLevel.Warning, "Queue {Queue} was gone; it is declared again and the message sent again")]
    public static partial void MessageReturned(this ILogger logger, string queue);

    [LoggerMessage(EventIds.NotDeclared, LogLevel.Warning, "{Name} was not declared ({Reason}); what is there is used")]
    public static partial void NotDeclared(this ILogger logger, string name, string reason);

    [LoggerMessage(EventIds.ConsumerInterrupted, LogLevel.Warning, "Consuming from queue {Queue} was interrupted ({Reason}); trying again until it works")]
    public static partial void ConsumerInterrupted(this ILogger logger, string queue, string reason);

    [LoggerMessage(EventIds.DeliveryNotPutBack, LogLevel.Warning, "Message {MessageId} could not be put back to queue {Queue}")]
    public static partial void DeliveryNotPutBack(this ILogger logger, Exception exception, string? messageId, string queue);

    [LoggerMessage(EventIds.StartWaits, LogLevel.Warning, "The start waits: {Reason}")]
    public static partial void StartWaits(this ILogger logger, string reason);
}
