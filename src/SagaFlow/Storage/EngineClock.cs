namespace SagaFlow.Storage;

/// <summary>The engine's own clock, for a database that one engine has for itself.</summary>
internal sealed class EngineClock(TimeProvider time) : IStoreClock
{
    public TimeSpan Ahead => TimeSpan.Zero;

    public Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(time.GetUtcNow());
}
