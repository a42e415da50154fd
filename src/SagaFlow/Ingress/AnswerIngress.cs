using Microsoft.Extensions.Logging;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>The one door by which answers come in, whatever carried them: verify the token, then apply the answer to its activity.</summary>
internal sealed class AnswerIngress(
    TokenVerifier verifier, WorkflowEngine engine, WorkflowRegistry registry, UnheardHeartbeats unheard, TimeProvider clock, EngineMetrics metrics,
    ILogger<AnswerIngress> logger)
{
    /// <summary>Applies a readable answer. A token that is not genuine is refused before any database read.</summary>
    public async Task<Receipt> AcceptAsync(ActivityAnswer answer, CancellationToken cancellationToken)
    {
        var receipt = await JudgeAsync(answer, cancellationToken);
        metrics.Answered(answer.Kind, receipt.Disposition);
        logger.AnswerSettled(answer.Kind, receipt.WorkflowId, receipt.Disposition);
        return receipt;
    }

    private Task<Receipt> JudgeAsync(ActivityAnswer answer, CancellationToken cancellationToken)
    {
        var verdict = verifier.Verify(answer.TaskToken, clock.GetUtcNow());
        if (!verdict.IsGenuine)
        {
            return Refuse(verdict.Refusal.Value, verdict.Detail);
        }

        metrics.Verified(verdict.KeyId);
        var claims = verdict.Claims;
        if (!claims.Scopes.Allow(answer.Kind))
        {
            return Refuse(Disposition.Forbidden, $"The token's scope does not allow '{answer.Kind}'");
        }

        return registry.TryFind(claims.WorkflowType, out _)
            ? ApplyAsync(answer, claims, cancellationToken)
            : Refuse(Disposition.UnknownWorkflow, $"Workflow type '{claims.WorkflowType}' is not hosted here", "unknown_workflow_type");
    }

    private async Task<Receipt> ApplyAsync(ActivityAnswer answer, TokenClaims claims, CancellationToken cancellationToken)
    {
        var receipt = await engine.ApplyAsync(
            claims.WorkflowId, claims.ActivityId, AnswerEvents.Of(answer, claims.Attempt), cancellationToken, OnceFor(answer, claims));
        unheard.Note(claims, answer.Kind, receipt);
        return receipt;
    }

    // A token of the activity does not name the attempt that failed, so that a repeat would fail the next one.
    private static InboxKey? OnceFor(ActivityAnswer answer, TokenClaims claims) =>
        claims.IsForEveryAttempt && answer.Kind is (AnswerKind.Failed or AnswerKind.Released)
            ? new InboxKey($"answers/{claims.ActivityId}", claims.WorkflowId, WireIds.Answer(answer))
            : null;

    private static Task<Receipt> Refuse(Disposition disposition, string? detail, string? code = null) =>
        Task.FromResult(new Receipt(disposition, detail) { Code = code });
}
