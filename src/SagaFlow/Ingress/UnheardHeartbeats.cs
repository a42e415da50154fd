using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Tokens;

namespace SagaFlow.Ingress;

/// <summary>Warns, once for each kind of activity, that somebody sends heartbeats which nobody listens to.</summary>
/// <remarks>Only genuine tokens come here, so that it remembers no more names than workflows have activities.</remarks>
internal sealed class UnheardHeartbeats(ILogger<UnheardHeartbeats> logger)
{
    private readonly ConcurrentDictionary<(string WorkflowType, string Activity), bool> _warned = new();

    public void Note(TokenClaims claims, AnswerKind kind, Receipt receipt)
    {
        if (kind is not AnswerKind.Heartbeat || receipt.Detail?.StartsWith(HeartbeatAnswers.NoTimeout, StringComparison.Ordinal) != true)
        {
            return;
        }

        var activity = claims.ActivityId[..claims.ActivityId.LastIndexOf('-')];
        if (_warned.TryAdd((claims.WorkflowType, activity), true))
        {
            logger.HeartbeatUnheard(activity, claims.WorkflowType);
        }
    }
}
