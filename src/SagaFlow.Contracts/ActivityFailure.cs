using System.Text.Json.Serialization;

namespace SagaFlow.Contracts;

/// <summary>Says why an attempt failed. It crosses the wire as a record, never as a .NET exception.</summary>
/// <param name="Type">A stable name of the kind of failure, such as <c>PartnerRejected</c>; retry policies match on it.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Details">Anything longer, such as a stack trace; <see langword="null"/> when there is nothing more to say.</param>
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

    /// <summary>Creates a failure from an exception: its type's name, its message, and its stack as details.</summary>
    public static ActivityFailure From(Exception exception) =>
        new(exception.GetType().Name, exception.Message, exception.ToString());
}
