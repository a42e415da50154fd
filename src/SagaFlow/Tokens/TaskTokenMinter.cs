using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Tokens;

/// <summary>Mints the token of an attempt from its row: the same row gives the same token.</summary>
internal sealed class TaskTokenMinter(TokenSigner signer, string deployment)
{
    // A late answer is told why it is late for this long after the activity's deadline.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);
    private static readonly TimeSpan WithoutDeadline = TimeSpan.FromDays(365);

    public TaskToken Mint(ActivityRecord record) => Mint(record, TokenScopes.All);

    /// <summary>Mints a token of the same attempt, with the same end, with which only heartbeats can be sent.</summary>
    public TaskToken MintForHeartbeats(ActivityRecord record) => Mint(record, TokenScopes.Heartbeat);

    private TaskToken Mint(ActivityRecord record, TokenScopes scopes)
    {
        var state = record.State;
        var attempt = state.Policy.TokenScope == TokenScope.Activity ? 0 : state.Attempt;
        var expiresAt = state.Policy.ScheduleToClose is { } timeout ? state.ScheduledAt + timeout + Retention : state.ScheduledAt + WithoutDeadline;
        return signer.Mint(new TokenClaims(
            deployment, record.WorkflowType, state.WorkflowId, state.Id, attempt, scopes, expiresAt));
    }
}
