using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Refuses, where a message is made, what every engine would refuse.</summary>
internal static class BodySize
{
    /// <exception cref="SagaFlowException">The message is larger than the limit.</exception>
    public static void Check(int bytes, string what)
    {
        if (bytes > WireLimits.BodyBytes)
        {
            throw new SagaFlowException(
                $"The {what} has {bytes} bytes; at most {WireLimits.BodyBytes} are taken. Store the content elsewhere and send its address.");
        }
    }
}
