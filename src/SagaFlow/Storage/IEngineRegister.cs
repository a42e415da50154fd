namespace SagaFlow.Storage;

/// <summary>Which engines are alive, and when one last was.</summary>
internal interface IEngineRegister
{
    /// <summary>Says that this engine is alive now.</summary>
    Task SayAliveAsync(string engineId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>When any engine last said so; <see langword="null"/> on a new database.</summary>
    Task<DateTimeOffset?> LastAliveAsync(CancellationToken cancellationToken);
}
