using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>One attempt in this process: runs the handler and says what became of it.</summary>
internal sealed class ActivityRun(
    ActivityRequest request, IHandlerInvoker invoker, IAnswerSink answers, AttemptClaim? claim, WorkerStop stop, RunServices services)
{
    /// <summary>How long a run stays quiet: one that ends earlier costs a single message, and its crash is healed by redelivery.</summary>
    public static readonly TimeSpan StartedDelay = TimeSpan.FromMilliseconds(250);

    // Token, names and punctuation around the result.
    private const int MaximumResultBytes = WireLimits.BodyBytes - 4096;

    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly AnswerSender _sender = new(request, answers, stop, services);
    private readonly long _startedAt = services.TimeProvider.GetTimestamp();

    /// <summary>Ends when the transport has accepted <c>started</c> or the answer: from then on the delivery may be acknowledged,
    /// because the engine watches the attempt.</summary>
    public Task Accepted => _accepted.Task;

    /// <summary>Runs the handler and sends the answer. It does not throw: see <see cref="Accepted"/>.</summary>
    public async Task ExecuteAsync()
    {
        try
        {
            var granted = claim is null ? null : await claim.TakeAsync(stop.GraceOver);
            if (granted is { CancelRequested: true })
            {
                await SendAsync(() => Answer(AnswerKind.Canceled));
            }
            else if (claim is null || granted is not null)
            {
                await RunAsync();
            }

            _accepted.TrySetResult();
        }
        catch (Exception exception)
        {
            // Already logged, send by send. An unacknowledged delivery comes again, also to this process.
            if (!_accepted.Task.IsCompleted)
            {
                services.Recent.Forget(request);
            }

            _accepted.TrySetException(exception);
        }
    }

    private async Task RunAsync()
    {
        using var span = WorkerTraces.Begin(request);
        using var started = new StartedNotice(() => SendAsync(Started), DelayOfStarted, services.TimeProvider);
        if (claim is null)
        {
            started.Begin();
        }
        else
        {
            started.IsKnown();
            _accepted.TrySetResult();
        }

        var answer = await AnswerOfHandlerAsync();
        services.Metrics.Ran(request, services.TimeProvider.GetElapsedTime(_startedAt), answer?.Kind);
        if (answer is not null)
        {
            await started.EndAsync();
            await SendAsync(() => answer);
        }
        else
        {
            await started.SendNowAsync();
        }
    }

    // The engine must know in time that a request with a schedule-to-start timeout was taken.
    private TimeSpan DelayOfStarted => request.ScheduleToStartTimeoutMs is null ? StartedDelay : TimeSpan.Zero;

    private async Task<ActivityAnswer?> AnswerOfHandlerAsync()
    {
        var attempt = new RunningAttempt(request, answers, services, stop.Stopping);
        var work = InvokeAsync(attempt);
        try
        {
            return await work.WaitAsync(stop.GraceOver);
        }
        catch (OperationCanceledException)
        {
            // The handler does not listen. It is left alone; from here on it cannot speak for the attempt.
            attempt.End();
            return Released(attempt);
        }
    }

    /// <summary>Turns everything that a handler can do into an answer; <see langword="null"/> when somebody else will answer.</summary>
    private async Task<ActivityAnswer?> InvokeAsync(RunningAttempt attempt)
    {
        try
        {
            await services.Running.AddAsync(request, attempt);
            if (attempt.CancelRequested)
            {
                return Answer(AnswerKind.Canceled);
            }

            await using var scope = services.Scopes.CreateAsyncScope();
            var outcome = await invoker.InvokeAsync(scope.ServiceProvider, request, attempt);
            return outcome.Result is { } result ? Completed(result, attempt) : await PendingAsync(attempt);
        }
        catch (ActivityFailureException exception)
        {
            return Failed(exception.Failure, exception.InnerException, attempt);
        }
        catch (OperationCanceledException) when (attempt.CancelRequested)
        {
            return Answer(AnswerKind.Canceled);
        }
        catch (OperationCanceledException) when (stop.Stopping.IsCancellationRequested)
        {
            return Released(attempt);
        }
        catch (OperationCanceledException) when (attempt.DeadlinePassed)
        {
            // The engine's clock decides that the attempt timed out; an answer of ours could make a failure of it.
            return await PendingAsync(attempt);
        }
        catch (Exception exception)
        {
            return Failed(ActivityFailure.From(exception), exception, attempt);
        }
        finally
        {
            services.Running.Remove(request);
            attempt.End();
            attempt.Dispose();
        }
    }

    // No answer follows that could carry the last checkpoint.
    private static async Task<ActivityAnswer?> PendingAsync(RunningAttempt attempt)
    {
        await attempt.FlushAsync();
        return null;
    }

    private ActivityAnswer Completed(JsonElement result, RunningAttempt attempt)
    {
        var length = JsonMarshal.GetRawUtf8Value(result).Length;
        return length <= MaximumResultBytes
            ? Answer(AnswerKind.Completed) with { Result = result }
            : Failed(
                ActivityFailure.NonRetryable(
                    "ResultTooLarge",
                    $"The result of activity '{request.Activity}' has {length} bytes; at most {MaximumResultBytes} are taken. Store it elsewhere and return its address."),
                exception: null,
                attempt);
    }

    private ActivityAnswer Failed(ActivityFailure failure, Exception? exception, RunningAttempt attempt)
    {
        services.Logger.AttemptFailed(exception, request.ActivityId, request.WorkflowId, failure.Type, request.Attempt);
        return Once(Answer(AnswerKind.Failed)) with
        {
            Failure = SendableFailure.From(failure),
            Checkpoint = attempt.LastCheckpoint,
        };
    }

    private ActivityAnswer Released(RunningAttempt attempt)
    {
        services.Logger.AttemptReleased(request.ActivityId, request.WorkflowId, request.Attempt);
        return Once(Answer(AnswerKind.Released)) with { Checkpoint = attempt.LastCheckpoint };
    }

    private ActivityAnswer Started() =>
        Answer(AnswerKind.Started) with { RunningForMs = (long)services.TimeProvider.GetElapsedTime(_startedAt).TotalMilliseconds };

    // A token of the activity does not say which attempt is meant: the same failure of two attempts must not look like one sent twice.
    private ActivityAnswer Once(ActivityAnswer answer) =>
        answer with { MessageId = WireIds.Derive(request.MessageId, answer.Kind.ToWireName()).ToString() };

    private ActivityAnswer Answer(AnswerKind kind) => new() { Kind = kind, TaskToken = request.TaskToken };

    private async Task SendAsync(Func<ActivityAnswer> answer)
    {
        await _sender.SendAsync(answer);
        _accepted.TrySetResult();
    }
}
