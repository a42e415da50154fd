using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>No receipt came in time. The message may have been applied, or may be applied later.</summary>
public sealed class ReceiptTimeoutException : SagaFlowException
{
    internal ReceiptTimeoutException(string what, TimeSpan timeout)
        : base($"No receipt for the {what} came within {timeout.TotalSeconds} s. It may have been applied all the same: see that an engine runs, and send it again.")
    {
        Timeout = timeout;
    }

    /// <summary>Gets how long the call waited.</summary>
    public TimeSpan Timeout { get; }
}
