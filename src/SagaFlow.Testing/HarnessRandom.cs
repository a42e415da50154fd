using SagaFlow.Hosting;

namespace SagaFlow.Testing;

/// <summary>The engine's dice: without a seed always the middle, which is no jitter at all.</summary>
internal sealed class HarnessRandom(int? seed) : IRandomSource
{
    private readonly Random? _random = seed is { } value ? new Random(value) : null;

    public double NextDouble() => _random?.NextDouble() ?? 0.5;
}
