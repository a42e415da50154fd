namespace SagaFlow.Tokens;

/// <summary>What a token says under its signature.</summary>
/// <param name="Deployment">The deployment that signed it, at most 32 bytes of UTF-8.</param>
/// <param name="WorkflowType">The workflow's type, at most 64 bytes of UTF-8.</param>
/// <param name="WorkflowId">The workflow's id.</param>
/// <param name="ActivityId">The activity's id, at most 51 bytes of UTF-8: a name of 40, a hyphen, a number of ten digits.</param>
/// <param name="Attempt">The attempt, counted from 1; 0 stands for every attempt of the activity.</param>
/// <param name="Scopes">What the holder may say.</param>
/// <param name="ExpiresAt">The instant after which the activity may have been deleted; whole seconds, rounded up.</param>
internal sealed record TokenClaims(
    string Deployment,
    string WorkflowType,
    Guid WorkflowId,
    string ActivityId,
    int Attempt,
    TokenScopes Scopes,
    DateTimeOffset ExpiresAt)
{
    public const int MaximumDeploymentBytes = 32;
    public const int MaximumWorkflowTypeBytes = 64;
    public const int MaximumActivityIdBytes = 51;
    public const int MaximumActivityNameBytes = 40;

    public bool IsForEveryAttempt => Attempt == 0;
}
