namespace SagaFlow.Storage;

/// <summary>Where messages go that nobody can read, with the reason, so that nothing is lost and no queue is blocked.</summary>
internal interface IQuarantine
{
    Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken);

    /// <summary>Reads the newest messages, newest first.</summary>
    Task<IReadOnlyList<QuarantinedMessage>> ReadAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Finds one message; <see langword="null"/> when it is not there.</summary>
    Task<QuarantinedMessage?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes a message and says whether it was there.</summary>
    Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken);
}
