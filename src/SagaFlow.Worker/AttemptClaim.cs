using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Asks the engine for an attempt before its handler runs: of all deliveries of one request, one is granted.</summary>
internal sealed class AttemptClaim(ActivityRequest request, IAnswerSink answers, RunServices services)
{
    /// <summary>Claims the attempt; <see langword="false"/> when it is another's, or closed.</summary>
    /// <exception cref="TimeoutException">No engine said anything in time: whether the attempt may run is not known.</exception>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        var askedAt = services.TimeProvider.GetTimestamp();
        var claim = new ActivityAnswer { Kind = AnswerKind.Started, TaskToken = request.TaskToken, ClaimId = services.Identity.ClaimOf(request) };
        var receipt = await answers.ClaimAsync(claim, request.AnswerTo, cancellationToken);
        var elapsed = services.TimeProvider.GetElapsedTime(askedAt);
        if (receipt is null)
        {
            services.Metrics.Claimed(request, elapsed, "unanswered");
            throw new TimeoutException($"No engine answered the claim of activity '{request.ActivityId}' (attempt {request.Attempt}).");
        }

        var granted = receipt.Disposition is Disposition.Applied or Disposition.Duplicate;
        services.Metrics.Claimed(request, elapsed, granted ? "granted" : "rejected");
        if (!granted)
        {
            services.Logger.ClaimRejected(request.ActivityId, request.WorkflowId, request.Attempt, receipt.Disposition);
        }

        return granted;
    }
}
