namespace SagaFlow.Storage;

/// <summary>Where messages go that nobody can read, with the reason, so that nothing is lost and no queue is blocked.</summary>
internal interface IQuarantine
{
    Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken);

    Task<IReadOnlyList<QuarantinedMessage>> ReadAsync(int limit, CancellationToken cancellationToken);
}
