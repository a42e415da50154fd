using System.Security.Cryptography;

namespace SagaFlow.Hosting;

/// <summary>The machine's own randomness: jitter need not be secret, but it must not repeat from process to process.</summary>
internal sealed class SystemRandomSource : IRandomSource
{
    public double NextDouble() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
