namespace SagaFlow;

/// <summary>Shows and settles the messages that the engine put aside because nobody could read them, or because no workflow was there for them.</summary>
public interface IMessageQuarantine
{
    /// <summary>Reads the newest messages, newest first.</summary>
    /// <param name="limit">The greatest number of messages, 100 by default.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<IReadOnlyList<QuarantineEntry>> ListAsync(int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Sends a message to its queue again, as it came, and removes it from the quarantine. If it still cannot be read, it comes
    /// back under another id.</summary>
    /// <returns><see langword="false"/> when there is no such message.</returns>
    /// <exception cref="SagaFlow.Contracts.SagaFlowException">The message was larger than 256 KiB, or the signing key of its time is no longer configured:
    /// it can only be dropped.</exception>
    Task<bool> RequeueAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Removes a message for good.</summary>
    /// <returns><see langword="false"/> when there is no such message.</returns>
    Task<bool> DropAsync(Guid id, CancellationToken cancellationToken = default);
}
