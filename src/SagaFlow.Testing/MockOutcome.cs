using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Testing;

/// <summary>What a mock does with one call: the answer without its token, or <see langword="null"/> for silence.</summary>
internal sealed record MockOutcome(ActivityAnswer? Answer)
{
    public static MockOutcome NeverStarts { get; } = new((ActivityAnswer?)null);

    public static MockOutcome Pending { get; } = new(new ActivityAnswer { Kind = AnswerKind.Started, TaskToken = "" });

    public static MockOutcome Completed(object? result) =>
        new(new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = "", Result = PayloadJson.Write(result) });

    public static MockOutcome Failed(ActivityFailure failure) =>
        new(new ActivityAnswer { Kind = AnswerKind.Failed, TaskToken = "", Failure = failure });

    // As a worker's answer: of this call and no other.
    public ActivityAnswer? ToAnswer(ActivityRequest request) =>
        Answer is null ? null : Answer with { TaskToken = request.TaskToken, MessageId = $"{request.MessageId}/{Answer.Kind}" };
}
