namespace SagaFlow.Client.Bus;

/// <summary>Takes deliveries of a queue into a bounded number of slots, each of which holds at most one.</summary>
internal interface ISlotSource
{
    /// <summary>Begins to consume; returns once it does.</summary>
    Task<ISlotConsumer> ConsumeAsync(string queue, int slots, SlotReceiver receive, CancellationToken cancellationToken);
}

/// <summary>Consumes until it is stopped.</summary>
internal interface ISlotConsumer
{
    /// <summary>Takes no more deliveries, at once; returns when those in hand are settled.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>Takes one delivery.</summary>
/// <returns>Ends when the delivery may be acknowledged, with a task that ends when the slot is free. An exception gives the delivery back.</returns>
internal delegate Task<Task> SlotReceiver(RawMessage message, CancellationToken cancellationToken);
