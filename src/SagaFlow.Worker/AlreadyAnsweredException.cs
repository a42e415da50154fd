using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>A handler has answered its attempt twice (<c>ResponseAlreadySentError</c>). The first answer stands.</summary>
public sealed class AlreadyAnsweredException : SagaFlowException
{
    internal AlreadyAnsweredException(ActivityRequest request, ActivityAnswer first)
        : base($"Activity '{request.ActivityId}' (attempt {request.Attempt}) was already answered: {Describe(first)}. The second answer is not sent; "
            + "after an answer of its own, a handler returns ActivityOutcome.Pending.") =>
        (FirstKind, FirstFailure, FirstResult) = (first.Kind, first.Failure, first.Result?.GetRawText());

    /// <summary>Gets the kind of the first answer: <see cref="AnswerKind.Completed"/> or <see cref="AnswerKind.Failed"/>.</summary>
    public AnswerKind FirstKind { get; }

    /// <summary>Gets the failure of the first answer; <see langword="null"/> when it was a result.</summary>
    public ActivityFailure? FirstFailure { get; }

    /// <summary>Gets the result of the first answer, as JSON; <see langword="null"/> when it was a failure, and once the handler has ended:
    /// what a worker tells its observers and its log holds no result.</summary>
    public string? FirstResult { get; private set; }

    /// <summary>Takes the result out of an exception that leaves the handler, wherever in it it is.</summary>
    internal static void HideResultIn(Exception? exception)
    {
        if (exception is AlreadyAnsweredException answered)
        {
            answered.FirstResult = null;
        }

        if (exception is AggregateException several)
        {
            foreach (var inner in several.InnerExceptions)
            {
                HideResultIn(inner);
            }
        }
        else if (exception is not null)
        {
            HideResultIn(exception.InnerException);
        }
    }

    // The message may be logged; a result is not for logs.
    private static string Describe(ActivityAnswer first) =>
        first.Failure is { } failure ? $"failed as '{failure.Type}'" : "completed";
}
