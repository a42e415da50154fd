using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Offers an attempt's answers until one is taken, the worker's time is over, or nobody could take it any more.</summary>
internal sealed class AnswerSender(ActivityRequest request, IAnswerSink answers, WorkerStop stop, RunServices services)
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(10);

    // The engine's clock may be behind this one, it moves deadlines that passed while it was away, and a result that is late may count.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    /// <summary>Sends an answer; the work is done and must not be lost to a broker that is away.</summary>
    /// <param name="answer">Makes the answer, anew for each try.</param>
    /// <returns>The answer that was accepted; <see langword="null"/> when nobody could take it any more.</returns>
    /// <exception cref="OperationCanceledException">The worker's time was over first.</exception>
    public async Task<ActivityAnswer?> SendAsync(Func<ActivityAnswer> answer)
    {
        for (var delay = FirstRetryDelay; ; delay = Longer(delay))
        {
            var current = answer();
            if (await TrySendAsync(current))
            {
                return current;
            }

            if (services.TimeProvider.GetUtcNow() > request.ScheduleToCloseDeadline + Grace)
            {
                services.Logger.AnswerGivenUp(request.ActivityId, request.WorkflowId, request.Attempt);
                return null;
            }

            await Task.Delay(delay, services.TimeProvider, stop.GraceOver);
        }
    }

    private async Task<bool> TrySendAsync(ActivityAnswer answer)
    {
        try
        {
            await answers.SendAsync(answer, request.AnswerTo, CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            services.Logger.AnswerNotAccepted(SafeException.Of(exception)!, answer.Kind, request.ActivityId, request.WorkflowId, request.Attempt);
            return false;
        }
    }

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < LongestRetryDelay ? delay * 2 : LongestRetryDelay;
}
