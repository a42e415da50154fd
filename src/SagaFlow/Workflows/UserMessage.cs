namespace SagaFlow.Workflows;

/// <summary>A message of the author's on its way to a workflow.</summary>
/// <param name="Id">Its id; the same for each delivery.</param>
/// <param name="Body">Its content as raw JSON.</param>
internal sealed record UserMessage(Guid Id, string Body)
{
    public string BodyHash { get; } = BodyHashes.Of(Body);
}
