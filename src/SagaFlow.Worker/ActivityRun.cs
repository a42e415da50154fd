using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker;

/// <summary>One attempt in this process: runs the handler and says what became of it.</summary>
internal sealed class ActivityRun(
    ActivityRequest request, IHandlerInvoker invoker, IAnswerSink answers, AttemptClaim? claim, WorkerStop stop, RunReport report, RunServices services)
{
    /// <summary>How long a run stays quiet: one that ends earlier costs a single message, and its crash is healed by redelivery.</summary>
    public static readonly TimeSpan StartedDelay = TimeSpan.FromMilliseconds(250);

    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AnswerSender _sender = new(request, answers, stop, services);
    private readonly AttemptAnswers _answers = new(request, services);
    private long _startedAt = services.TimeProvider.GetTimestamp();

    /// <summary>The activity's name.</summary>
    public string Activity => request.Activity;

    /// <summary>Ends when the transport has accepted <c>started</c> or the answer: from then on the delivery may be acknowledged,
    /// because the engine watches the attempt.</summary>
    public Task Accepted => _accepted.Task;

    /// <summary>Runs the handler and sends the answer. It does not throw: see <see cref="Accepted"/>.</summary>
    public async Task ExecuteAsync()
    {
        _startedAt = services.TimeProvider.GetTimestamp();
        try
        {
            var granted = claim is null ? null : await claim.TakeAsync(stop.GraceOver);
            if (granted is { CancelRequested: true })
            {
                await SendAsync(() => _answers.Canceled);
            }
            else if (claim is null || granted is not null)
            {
                await RunAsync();
            }
            else
            {
                report.Dropped("The attempt is another worker's, or closed");
            }

            report.End();
            _accepted.TrySetResult();
        }
        catch (Exception exception)
        {
            End(exception);
        }
    }

    /// <summary>Gives the request up before it runs, so that its delivery may come again.</summary>
    public void Abandon()
    {
        Forget();
        report.End();
    }

    /// <summary>Lets another delivery of the attempt be taken.</summary>
    public void Forget() => services.Recent.Forget(request);

    private void End(Exception exception)
    {
        // Already logged, send by send. An unacknowledged delivery comes again, also to this process.
        if (!_accepted.Task.IsCompleted)
        {
            services.Recent.Forget(request);
        }

        report.Errored(exception);
        report.End();
        _accepted.TrySetException(exception);
    }

    private async Task RunAsync()
    {
        using var span = WorkerTraces.Begin(request);
        using var started = new StartedNotice(SendStartedAsync, DelayOfStarted, services.TimeProvider);
        if (claim is null)
        {
            started.Begin();
        }
        else
        {
            started.IsKnown();
            _accepted.TrySetResult();
        }

        var ending = await EndOfHandlerAsync(started);
        services.Metrics.Ran(request, services.TimeProvider.GetElapsedTime(_startedAt), ending.Answer?.Kind);
        if (ending.Answer is null)
        {
            await started.SendNowAsync();
            report.Pending();
        }
        else if (!ending.IsSent)
        {
            await SendAnswerAsync(started, ending.Answer);
        }
    }

    // The engine must know in time that a request with a schedule-to-start timeout was taken.
    private TimeSpan DelayOfStarted => request.ScheduleToStartTimeoutMs is null ? StartedDelay : TimeSpan.Zero;

    private async Task<Ending> EndOfHandlerAsync(StartedNotice started)
    {
        var attempt = new RunningAttempt(request, answers, services, report, stop.Stopping)
        {
            Send = answer => SendAnswerAsync(started, answer),
        };
        var work = InvokeAsync(attempt);
        try
        {
            return await work.WaitAsync(stop.GraceOver);
        }
        catch (OperationCanceledException)
        {
            // The handler does not listen. It is left alone; from here on it cannot speak for the attempt.
            attempt.End();
            return attempt.Given is { } given ? new Ending(given, IsSent: true) : new Ending(_answers.Released(attempt));
        }
    }

    private async Task<Ending> InvokeAsync(RunningAttempt attempt)
    {
        try
        {
            await services.Running.AddAsync(request, attempt);
            var ending = attempt.CancelRequested ? new Ending(_answers.Canceled) : await AnswerOfHandlerAsync(attempt);
            await attempt.GivingAsync();
            return attempt.Given is { } given ? new Ending(given, IsSent: true) : ending;
        }
        finally
        {
            services.Running.Remove(request);
            attempt.End();
            attempt.Dispose();
        }
    }

    /// <summary>Turns everything that a handler can do into an answer; none when somebody else will answer, or it has itself.</summary>
    private async Task<Ending> AnswerOfHandlerAsync(RunningAttempt attempt)
    {
        try
        {
            await using var scope = services.Scopes.CreateAsyncScope();
            return await AnswerOfAsync(await invoker.InvokeAsync(scope.ServiceProvider, request, attempt), attempt);
        }
        catch (Exception exception) when (attempt.Given is not null)
        {
            services.Logger.HandlerThrewAfterItsAnswer(SafeException.Of(exception), request.ActivityId, request.WorkflowId, request.Attempt);
            report.Errored(exception);
            return default;
        }
        catch (ActivityFailureException exception)
        {
            return new Ending(_answers.Failed(exception.Failure, exception.InnerException, attempt));
        }
        catch (OperationCanceledException) when (attempt.CancelRequested)
        {
            return new Ending(_answers.Canceled);
        }
        catch (OperationCanceledException) when (stop.Stopping.IsCancellationRequested)
        {
            return new Ending(_answers.Released(attempt));
        }
        catch (OperationCanceledException) when (attempt.DeadlinePassed)
        {
            // The engine's clock decides that the attempt timed out; an answer of ours could make a failure of it.
            await attempt.FlushAsync();
            return default;
        }
        catch (Exception exception)
        {
            report.Errored(exception);
            return new Ending(_answers.Failed(ActivityFailure.From(exception, services.Options.Value.SendsStackTraces), exception, attempt));
        }
    }

    private async Task<Ending> AnswerOfAsync(HandlerOutcome outcome, RunningAttempt attempt)
    {
        if (attempt.Given is { } given)
        {
            // Nothing more is sent; a result that it returns besides is its mistake.
            return outcome.Result is null ? default : throw new AlreadyAnsweredException(request, given);
        }

        if (outcome.Result is { } result)
        {
            return new Ending(_answers.Completed(result, attempt));
        }

        if (!outcome.IsPending)
        {
            return new Ending(_answers.NoAnswer(attempt));
        }

        // No answer follows that could carry the last checkpoint.
        await attempt.FlushAsync();
        return default;
    }

    private Task SendStartedAsync() => SendAsync(() => _answers.Started(services.TimeProvider.GetElapsedTime(_startedAt)));

    private async Task SendAnswerAsync(StartedNotice started, ActivityAnswer answer)
    {
        await started.EndAsync();
        await SendAsync(() => answer);
    }

    private async Task SendAsync(Func<ActivityAnswer> answer)
    {
        var accepted = await _sender.SendAsync(answer);
        if (accepted is not null)
        {
            report.Sent(accepted);
        }

        _accepted.TrySetResult();
    }

    /// <param name="Answer">The answer; <see langword="null"/> when somebody else will answer.</param>
    /// <param name="IsSent">Whether the handler has sent it itself.</param>
    private readonly record struct Ending(ActivityAnswer? Answer, bool IsSent = false);
}
