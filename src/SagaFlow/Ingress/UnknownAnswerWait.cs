namespace SagaFlow.Ingress;

/// <summary>How long an answer on the bus waits for a workflow that the store does not know.</summary>
/// <param name="Duration">Zero settles it at once, as HTTP does, and puts nothing aside: for a test whose clock stands.</param>
internal sealed record UnknownAnswerWait(TimeSpan Duration)
{
    public static UnknownAnswerWait Default { get; } = new(TimeSpan.FromSeconds(30));
}
