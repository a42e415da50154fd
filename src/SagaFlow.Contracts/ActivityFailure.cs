using System.Text.Json.Serialization;

namespace SagaFlow.Contracts;

/// <summary>Says why an attempt failed. It crosses the wire as a record, never as a .NET exception.</summary>
/// <param name="Type">A stable name of the kind of failure, such as <c>PartnerRejected</c>; retry policies match on it.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Details">Anything longer, such as what caused it; <see langword="null"/> when there is nothing more to say.</param>
/// <param name="Retryable"><see langword="false"/> ends the activity at once, whatever its retry policy says.</param>
/// <param name="NextRetryDelay">The wait before the next attempt, chosen by this one; <see langword="null"/> leaves it to the retry policy.</param>
/// <remarks>On the wire it is <c>failure {type, message, details, retryable, nextRetryDelayMs}</c>.</remarks>
[JsonConverter(typeof(ActivityFailureJsonConverter))]
public sealed record ActivityFailure(
    string Type,
    string Message,
    string? Details = null,
    bool Retryable = true,
    TimeSpan? NextRetryDelay = null)
{
    /// <summary>Creates a failure after which no further attempt is made.</summary>
    public static ActivityFailure NonRetryable(string type, string message, string? details = null) =>
        new(type, message, details, Retryable: false);

    /// <summary>Creates a failure from an exception: its type's name, its message, and those of the exceptions that caused it as details.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="withStackTrace"><see langword="true"/> gives the whole text of the exception as details, with its stack. Everybody who may
    /// query the workflow sees it, and it names source files: the default is <see langword="false"/>.</param>
    public static ActivityFailure From(Exception exception, bool withStackTrace = false)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(exception.GetType().Name, exception.Message, withStackTrace ? exception.ToString() : CausesOf(exception));
    }

    private static string? CausesOf(Exception exception)
    {
        var causes = new List<string>();
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            causes.Add($"Caused by {cause.GetType().Name}: {cause.Message}");
        }

        return causes.Count == 0 ? null : string.Join('\n', causes);
    }
}
