namespace SagaFlow.Simulation.Randomness;

/// <summary>SplitMix64: the one source of dice. Each workflow of a world has its own, so that leaving others out changes nothing for it.</summary>
internal sealed class Rng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A well-mixed number made from two.</summary>
    public static ulong Mix(ulong a, ulong b) => Scramble(a + (b * 0x9E3779B97F4A7C15) + 0x9E3779B97F4A7C15);

    public ulong Next() => Scramble(_state += 0x9E3779B97F4A7C15);

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A number in [0, <paramref name="end"/>).</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)end) >> 32);

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>], each order of magnitude as likely as the next.</summary>
    public long LogUniform(long low, long high)
    {
        var at = Math.Log(low) + (NextDouble() * (Math.Log(high) - Math.Log(low)));
        return Math.Clamp((long)Math.Exp(at), low, high);
    }

    public T Pick<T>(ReadOnlySpan<T> of) => of[Below(of.Length)];

    private static ulong Scramble(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
