namespace SagaFlow.Storage;

/// <summary>The clock that decides about deadlines: one for all engines that share a database.</summary>
internal interface IStoreClock
{
    /// <summary>Gets how far it was ahead of this process's clock when it was last read.</summary>
    TimeSpan Ahead { get; }

    /// <summary>Asks it what time it is.</summary>
    Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken);
}
