namespace SagaFlow.Storage;

/// <summary>A message that could not be read, or that no handler survived.</summary>
/// <param name="Id">Its id in the quarantine.</param>
/// <param name="Endpoint">The queue it came from.</param>
/// <param name="ContentType">What it claimed to be.</param>
/// <param name="Body">Its bytes, task tokens cut out.</param>
/// <param name="Reason">Why it is here, for a person.</param>
/// <param name="At">When it came.</param>
/// <param name="Sender">Who sent it, as far as the broker or the message says; <see langword="null"/> when neither does.</param>
/// <param name="Original">The message as it came, sealed with the signing key, so that it can be sent to its queue again;
/// <see langword="null"/> when it was too large to be kept.</param>
internal sealed record QuarantinedMessage(
    Guid Id, string Endpoint, string ContentType, byte[] Body, string Reason, DateTimeOffset At, string? Sender = null, byte[]? Original = null);
