using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>How an activity stops because its workflow wants it to.</summary>
internal static class Cancellation
{
    /// <summary>Asks to stop. Only an attempt that has started is waited for; everything else closes at once.</summary>
    /// <remarks>While an answer is waited for, deadlines go on, a result is still taken, and any other end of the attempt
    /// closes the activity as canceled, its failure kept: no further attempt follows.</remarks>
    public static Decision Request(Transition step, ActivityEvent.CancelRequest request)
    {
        if (step.State.IsClosed)
        {
            return step.Unchanged(Disposition.Ignored, "already closed");
        }

        var waits = request.Mode is CancellationMode.Wait && step.State.Status is ActivityStatus.Started;
        if (waits && step.State.CancelRequested)
        {
            return step.Unchanged(Disposition.Duplicate, "cancellation is already requested");
        }

        step.With(new ActivityEffect.CancelRequested(request.Reason));
        if (request.Mode is not CancellationMode.Abandon)
        {
            PushToHolder(step, request.Reason);
        }

        step.State = step.State with { CancelRequested = true, CancelReason = request.Reason };
        return waits ? step.Done() : step.CloseAttempt(AttemptEnd.Canceled).End(ActivityStatus.Canceled).Done();
    }

    /// <summary>Closes the activity with its workflow, which hears nothing of it any more.</summary>
    public static Decision WorkflowEnded(Transition step, ActivityEvent.WorkflowEnded ended)
    {
        if (step.State.IsClosed)
        {
            return step.Unchanged(Disposition.Ignored, "already closed");
        }

        PushToHolder(step, ended.Reason);
        step.State = step.State with { CancelReason = ended.Reason };
        return step
            .CloseAttempt(ended.Canceled ? AttemptEnd.Canceled : AttemptEnd.WorkflowClosed)
            .End(ActivityStatus.Canceled, tellWorkflow: false)
            .Done();
    }

    private static void PushToHolder(Transition step, string reason)
    {
        if (step.HasOpenAttempt)
        {
            step.With(new ActivityEffect.PushCancel(step.State.Attempt, reason));
        }
    }
}
