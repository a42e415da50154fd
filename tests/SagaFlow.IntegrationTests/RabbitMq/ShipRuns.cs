using System.Collections.Concurrent;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>What the handlers of one test did.</summary>
public sealed class ShipRuns(Func<CancellationToken, Task>? work = null)
{
    private readonly ConcurrentQueue<(string Number, int Attempt)> _all = new();

    public IReadOnlyCollection<(string Number, int Attempt)> All => [.. _all];

    public void Add(string number, int attempt) => _all.Enqueue((number, attempt));

    public Task WorkAsync(CancellationToken cancellationToken) => work?.Invoke(cancellationToken) ?? Task.CompletedTask;
}
