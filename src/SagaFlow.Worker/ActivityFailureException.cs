using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Ends an attempt with a failure of the handler's choice.</summary>
public sealed class ActivityFailureException : SagaFlowException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">What the workflow sees.</param>
    /// <param name="innerException">The cause; it does not cross the wire.</param>
    public ActivityFailureException(ActivityFailure failure, Exception? innerException = null)
        : base(Message(failure), innerException) => Failure = failure;

    /// <summary>Gets what the workflow sees.</summary>
    public ActivityFailure Failure { get; }

    private static new string Message(ActivityFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return $"{failure.Type}: {failure.Message}";
    }
}
