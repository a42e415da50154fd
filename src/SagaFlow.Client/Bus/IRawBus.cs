namespace SagaFlow.Client.Bus;

/// <summary>Sends exact bytes. A call that returns means that the transport has accepted the message.</summary>
internal interface IRawBus
{
    /// <summary>Sends to a queue.</summary>
    /// <exception cref="TimeoutException">The transport did not accept it within ten seconds. It may arrive all the same.</exception>
    Task SendAsync(string queue, RawMessage message, CancellationToken cancellationToken);

    /// <summary>Publishes to a topic exchange; without anybody bound it is gone.</summary>
    /// <exception cref="TimeoutException">The transport did not accept it within ten seconds. It may arrive all the same.</exception>
    Task PublishAsync(string exchange, string routingKey, RawMessage message, CancellationToken cancellationToken);

    /// <summary>Gives the queue that a MassTransit address names on this transport; <see langword="null"/> when it lies elsewhere.</summary>
    string? QueueAt(Uri address);
}
