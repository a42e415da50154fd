namespace SagaFlow.Storage;

/// <summary>A message that was applied. It stands in the change set of its own effects.</summary>
/// <param name="Key">Which message.</param>
/// <param name="BodyHash">SHA-256 (base64) of its body: tells a repeat from another message with the same id.</param>
/// <param name="At">When it was applied.</param>
internal sealed record InboxEntry(InboxKey Key, string BodyHash, DateTimeOffset At);
