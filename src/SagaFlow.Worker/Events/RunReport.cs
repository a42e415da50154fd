using SagaFlow.Contracts;

namespace SagaFlow.Worker.Events;

/// <summary>Tells of one request, from its arrival to its end, and keeps what became of it.</summary>
internal sealed class RunReport(WorkerEvents events, string worker, string taskQueue)
{
    private AttemptInfo? _attempt;
    private AttemptEnd _end = AttemptEnd.Unanswered;
    private ActivityFailure? _failure;
    private Exception? _error;

    /// <summary>The last event; <see langword="null"/> as long as the request is in hand.</summary>
    public AttemptDone? Done { get; private set; }

    public void Received(string? messageId, int bytes) =>
        Raise(new RequestReceived(messageId, bytes));

    public void Read(ActivityRequest request) =>
        _attempt = new AttemptInfo(request.WorkflowType, request.WorkflowId, request.ActivityId, request.Activity, request.Attempt);

    public void Dropped(string reason)
    {
        _end = AttemptEnd.Dropped;
        Raise(new RequestDropped(reason));
    }

    public void PutBack() => _end = AttemptEnd.PutBack;

    public void Started() => Raise(new AttemptStarted());

    public void Heartbeat() => Raise(new AttemptHeartbeat());

    public void Pending()
    {
        _end = AttemptEnd.Pending;
        Raise(new AttemptPending());
    }

    /// <summary>Tells of an answer that the transport has accepted.</summary>
    public void Sent(ActivityAnswer answer)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Completed:
                _end = AttemptEnd.Completed;
                Raise(new AttemptCompleted());
                break;
            case AnswerKind.Failed:
                (_end, _failure) = (AttemptEnd.Failed, answer.Failure);
                Raise(new AttemptFailed(answer.Failure!));
                break;
            case AnswerKind.Canceled:
                _end = AttemptEnd.Canceled;
                Raise(new AttemptCanceled());
                break;
            case AnswerKind.Released:
                _end = AttemptEnd.Released;
                Raise(new AttemptReleased());
                break;
            case AnswerKind.Started or AnswerKind.Heartbeat:
            default:
                break;
        }
    }

    public void Errored(Exception error)
    {
        // Observers show and keep what they are told; the handler, which may see the result, has ended.
        AlreadyAnsweredException.HideResultIn(error);
        _error = error;
        Raise(new AttemptErrored(error));
    }

    /// <summary>Tells the end, once.</summary>
    public void End()
    {
        if (Done is null)
        {
            Done = (AttemptDone)Raise(new AttemptDone(_end, _failure, _error));
        }
    }

    private WorkerEvent Raise(AttemptEvent attemptEvent) => events.Raise(worker, taskQueue, attemptEvent with { Attempt = _attempt });
}
