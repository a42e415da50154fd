namespace SagaFlow.Storage;

/// <summary>Outgoing messages that a crash left behind, and the removal of those that have arrived.</summary>
internal interface IOutbox
{
    /// <summary>Reads messages decided before the given instant that nobody has confirmed, oldest first.</summary>
    Task<IReadOnlyList<OutgoingMessage>> ReadUnconfirmedAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Takes messages that nobody has confirmed, for one sender alone, oldest first: others leave them be until the lease is over.</summary>
    /// <param name="now">Leases that ended before are over.</param>
    /// <param name="before">Only messages decided before: a younger one may still be on its way from where it was decided.</param>
    /// <param name="leaseUntil">Until when they are this sender's; one that could not be sent rests until then.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    Task<IReadOnlyList<OutgoingMessage>> ClaimUnconfirmedAsync(
        DateTimeOffset now, DateTimeOffset before, DateTimeOffset leaseUntil, int limit, CancellationToken cancellationToken);

    /// <summary>Removes messages that have arrived. Ids that are not there any more are no error.</summary>
    Task DeleteAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);
}
