using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.Ingress;

/// <summary>An answer as the core sees it. Its hash covers what it says, not how it was wrapped: the same outcome sent twice is a repeat.</summary>
internal static class AnswerEvents
{
    public static ActivityEvent Of(ActivityAnswer answer, int attempt)
    {
        var result = answer.Result?.GetRawText();
        var checkpoint = answer.Checkpoint?.GetRawText();
        var hash = WireIds.BodyHash(answer);
        var named = attempt is 0 ? answer.Attempt ?? 0 : attempt;
        return answer.Kind switch
        {
            AnswerKind.Started => new ActivityEvent.Started(named, hash, TimeSpan.FromMilliseconds(Math.Max(0, answer.RunningForMs ?? 0)), answer.ClaimId)
            {
                Meant = answer.Attempt,
            },
            AnswerKind.Heartbeat => new ActivityEvent.Heartbeat(attempt, hash, answer.Sequence, checkpoint),
            AnswerKind.Completed => new ActivityEvent.Completed(attempt, hash, result ?? "null"),
            AnswerKind.Failed => new ActivityEvent.Failed(attempt, hash, FailureTexts.Clean(answer.Failure!), checkpoint),
            AnswerKind.Canceled => new ActivityEvent.CancelAcknowledged(attempt, hash),
            _ => new ActivityEvent.Released(named, hash, checkpoint, answer.ClaimId) { Meant = answer.Attempt },
        };
    }
}
