namespace SagaFlow.Client;

/// <summary>Pauses of random length: equal ones would bring all callers back at one instant.</summary>
internal static class RandomPauses
{
    /// <summary>Draws a pause between the half of the longest and the longest.</summary>
    public static TimeSpan NextPause(this IIdSource ids, TimeSpan longest)
    {
        var dice = BitConverter.ToUInt16(ids.Next().ToByteArray(), 0) / (double)ushort.MaxValue;
        return longest * (0.5 + (dice / 2));
    }
}
