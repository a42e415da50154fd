using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DataRouting.Routing;

/// <summary>The example's chances. One seed gives the same fate to the same packet, in whatever order and however often it is asked.</summary>
public sealed record Dice(int Seed)
{
    /// <summary>Says whether something with a chance in percent happens.</summary>
    public bool Hits(int percent, string what) => Roll(what) * 100 < percent;

    /// <summary>A number from 0 up to, not including, 1, for this question.</summary>
    public double Roll(string what)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}/{what}"));
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) / (uint.MaxValue + 1.0);
    }
}
