namespace SagaFlow.Storage;

/// <summary>Outgoing messages that a crash left behind, and the removal of those that have arrived.</summary>
internal interface IOutbox
{
    /// <summary>Reads messages decided before the given instant that nobody has confirmed, oldest first.</summary>
    Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes messages that have arrived. Ids that are not there any more are no error.</summary>
    Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);
}
