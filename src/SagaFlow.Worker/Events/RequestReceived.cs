namespace SagaFlow.Worker;

/// <summary>A delivery has arrived and is not yet read (<c>task:received</c>).</summary>
/// <param name="MessageId">The message's id on the transport.</param>
/// <param name="Bytes">The length of its body.</param>
public sealed record RequestReceived(string? MessageId, int Bytes) : AttemptEvent;
