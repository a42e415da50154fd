using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Asks the engine for an attempt before its handler runs: of all deliveries of one request, at most one is granted.</summary>
internal sealed class AttemptClaim(ActivityRequest request, IAnswerSink answers, RunServices services)
{
    private static readonly TimeSpan ReleasePatience = TimeSpan.FromSeconds(5);

    private readonly string _claimId = services.Identity.ClaimOf(request);

    /// <summary>Claims the attempt.</summary>
    /// <returns>The receipt of a granted claim, which may ask the holder to stop at once; <see langword="null"/> when the attempt is
    /// another's, or closed.</returns>
    /// <exception cref="TimeoutException">No engine said anything in time: whether the attempt may run is not known.</exception>
    public async Task<Receipt?> TakeAsync(CancellationToken cancellationToken)
    {
        var askedAt = services.TimeProvider.GetTimestamp();
        var receipt = await AskAsync(cancellationToken);
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

        return granted ? receipt : null;
    }

    // A claim that went out may be granted after its asker gave up. Nobody would run the attempt then: it is handed back.
    private async Task<Receipt?> AskAsync(CancellationToken cancellationToken)
    {
        Receipt? receipt = null;
        try
        {
            receipt = await answers.ClaimAsync(Answer(AnswerKind.Started), request.AnswerTo, cancellationToken);
        }
        finally
        {
            if (receipt is null)
            {
                await ReleaseAsync();
            }
        }

        return receipt;
    }

    private async Task ReleaseAsync()
    {
        using var patience = new CancellationTokenSource(ReleasePatience, services.TimeProvider);
        try
        {
            var released = Answer(AnswerKind.Released) with { MessageId = WireIds.Derive(request.MessageId, "released").ToString() };
            await answers.SendAsync(released, request.AnswerTo, patience.Token);
        }
        catch (Exception exception)
        {
            services.Logger.AnswerNotAccepted(SafeException.Of(exception)!, AnswerKind.Released, request.ActivityId, request.WorkflowId, request.Attempt);
        }
    }

    // The attempt is named: a token of the activity does not, and a request that comes late must not take the next attempt.
    private ActivityAnswer Answer(AnswerKind kind) =>
        new() { Kind = kind, TaskToken = request.TaskToken, ClaimId = _claimId, Attempt = request.Attempt };
}
