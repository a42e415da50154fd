namespace SagaFlow.Contracts;

/// <summary>The root of the errors that SagaFlow throws. Its message says what happened, to what, and what to do.</summary>
public class SagaFlowException : Exception
{
    /// <summary>Creates the error with a message.</summary>
    public SagaFlowException(string message) : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    public SagaFlowException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
