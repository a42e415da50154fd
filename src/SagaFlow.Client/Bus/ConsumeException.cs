namespace SagaFlow.Client.Bus;

/// <summary>Nothing is consumed, because of the transport: to be told from an error of whoever takes the deliveries.</summary>
internal sealed class ConsumeException(string queue, string reason, Exception? innerException)
    : IOException($"Queue '{queue}' cannot be consumed: {reason}", innerException);
