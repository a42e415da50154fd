using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Tells what waiting cures from what it does not.</summary>
internal static class RabbitMqErrors
{
    /// <summary>Whether the broker is there and says no: wrong user, password or virtual host.</summary>
    /// <remarks>Not when the client only supposes it: a broker that dies while it is asked to let somebody in looks the same.</remarks>
    public static bool IsRefusal(Exception exception) =>
        All(exception).Any(x => x is AuthenticationFailureException || ReplyCodeOf(x) is Constants.NotAllowed or Constants.AccessRefused);

    /// <summary>The right that is missing, as the broker says it; <see langword="null"/> when none is.</summary>
    public static string? MissingRight(Exception exception) =>
        All(exception).OfType<OperationInterruptedException>().FirstOrDefault(x => ReplyCodeOf(x) == Constants.AccessRefused)?.ShutdownReason?.ReplyText;

    public static bool IsMissing(Exception exception) => All(exception).Any(x => ReplyCodeOf(x) == Constants.NotFound);

    /// <summary>Whether something is there under this name that was declared otherwise.</summary>
    public static bool IsOtherwise(Exception exception) => All(exception).Any(x => ReplyCodeOf(x) == Constants.PreconditionFailed);

    /// <summary>The innermost reason in one line.</summary>
    public static string Describe(Exception exception) => All(exception).Last().Message.ReplaceLineEndings(" ");

    private static ushort? ReplyCodeOf(Exception exception) => (exception as OperationInterruptedException)?.ShutdownReason?.ReplyCode;

    private static IEnumerable<Exception> All(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            yield return current;
        }
    }
}
