using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

/// <summary>The clock of a database that does not agree with the machine's.</summary>
internal sealed class OffsetClock(TimeProvider machine, TimeSpan ahead) : IStoreClock
{
    public TimeSpan Ahead => ahead;

    public Task<DateTimeOffset> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(machine.GetUtcNow() + ahead);
}
