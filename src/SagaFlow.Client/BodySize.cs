using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Refuses, where a message is made, what every engine would refuse.</summary>
internal static class BodySize
{
    /// <exception cref="SagaFlowException">The message is larger than the limit.</exception>
    public static void Check(int bytes, string what) => Check(bytes, what, WireLimits.BodyBytes);

    /// <exception cref="SagaFlowException">It is larger than its limit.</exception>
    public static void Check(int bytes, string what, int limit)
    {
        if (bytes > limit)
        {
            throw new SagaFlowException(
                $"The {what} has {bytes} bytes; at most {limit} are taken. Store the content elsewhere and send its address.");
        }
    }
}
