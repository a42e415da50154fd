namespace SagaFlow.Worker;

/// <summary>The outcome that has no result: somebody else answers.</summary>
public readonly record struct ActivityOutcome
{
    /// <summary>Gets the outcome of a handler that has handed its task token on. The worker holds nothing for the attempt any
    /// more; the workflow waits until somebody answers with the token or a deadline passes.</summary>
    public static ActivityOutcome Pending => default;
}
