namespace SagaFlow.Client.Bus;

/// <summary>Gives access to queues whose deliveries are taken by slots, each of which holds at most one.</summary>
internal interface ISlotSource
{
    /// <summary>Gives access to a queue. Nothing is consumed yet.</summary>
    Task<ISlotConsumer> OpenAsync(string queue, CancellationToken cancellationToken);
}

/// <summary>A queue that slots consume. Disposing it ends the connection: first let the slots leave.</summary>
internal interface ISlotConsumer : IAsyncDisposable
{
    /// <summary>Consumes for one slot, until a run outlives its delivery and has ended.</summary>
    /// <param name="receive">Takes each delivery. Its exceptions come out of here.</param>
    /// <param name="consuming">Is called once the transport has accepted the consumer.</param>
    /// <param name="leaving">Ends the waiting at once; what is in hand is finished. When it ends it, an <see cref="OperationCanceledException"/> says so.</param>
    /// <exception cref="ConsumeException">The transport cannot be reached, or cut the consumer off.</exception>
    Task ConsumeAsync(SlotReceiver receive, Action consuming, CancellationToken leaving);
}

/// <summary>Takes one delivery.</summary>
/// <returns>Ends when the delivery may be acknowledged, with a task that ends when the slot is free. An exception gives the delivery back.</returns>
internal delegate Task<Task> SlotReceiver(RawMessage message, CancellationToken cancellationToken);
