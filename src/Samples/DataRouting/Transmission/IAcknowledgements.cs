namespace DataRouting.Transmission;

/// <summary>How the transmit service says that it has delivered: it knows the token, and nothing else of who gave it.</summary>
public interface IAcknowledgements : IAsyncDisposable
{
    /// <summary>Says that what the token stands for is done.</summary>
    /// <returns>What became of it; <see langword="null"/> when nobody answered, so that it is to be said again.</returns>
    Task<string?> TryAcknowledgeAsync(string taskToken, CancellationToken cancellationToken);
}
