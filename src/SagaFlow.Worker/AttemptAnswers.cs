using System.Runtime.InteropServices;
using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Makes the answers of one attempt.</summary>
internal sealed class AttemptAnswers(ActivityRequest request, RunServices services)
{
    // Token, names and punctuation around the result.
    private const int MaximumResultBytes = WireLimits.BodyBytes - 4096;

    public ActivityAnswer Canceled => Answer(AnswerKind.Canceled);

    public ActivityAnswer Started(TimeSpan runningFor) => Answer(AnswerKind.Started) with { RunningForMs = (long)runningFor.TotalMilliseconds };

    /// <summary>A result; one that is too long becomes a failure that says so.</summary>
    public ActivityAnswer Completed(JsonElement result, RunningAttempt attempt)
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

    public ActivityAnswer NoAnswer(RunningAttempt attempt) => Failed(
        ActivityFailure.NonRetryable(
            "NoAnswer",
            $"The handler of activity '{request.Activity}' returned without an answer. It returns a result, or ActivityOutcome.Pending when somebody else answers."),
        exception: null,
        attempt);

    public ActivityAnswer Failed(ActivityFailure failure, Exception? exception, RunningAttempt attempt)
    {
        services.Logger.AttemptFailed(SafeException.Of(exception), request.ActivityId, request.WorkflowId, failure.Type, request.Attempt);
        return Once(Answer(AnswerKind.Failed)) with
        {
            Failure = SendableFailure.From(failure),
            Checkpoint = attempt.LastCheckpoint,
        };
    }

    public ActivityAnswer Released(RunningAttempt attempt)
    {
        services.Logger.AttemptReleased(request.ActivityId, request.WorkflowId, request.Attempt);
        return Once(Answer(AnswerKind.Released)) with { Checkpoint = attempt.LastCheckpoint };
    }

    // A token of the activity does not say which attempt is meant: the same failure of two attempts must not look like one sent twice.
    private ActivityAnswer Once(ActivityAnswer answer) =>
        answer with { MessageId = WireIds.Derive(request.MessageId, answer.Kind.ToWireName()).ToString() };

    private ActivityAnswer Answer(AnswerKind kind) => new() { Kind = kind, TaskToken = request.TaskToken };
}
