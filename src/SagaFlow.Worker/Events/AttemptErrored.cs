namespace SagaFlow.Worker;

/// <summary>An error that nobody handled (<c>task:errored</c>): an exception of the handler's that is not an <see cref="ActivityFailureException"/>, or one of the worker's own.</summary>
/// <param name="Error">The exception. It holds no result: an <see cref="AlreadyAnsweredException"/> in it has lost its <see cref="AlreadyAnsweredException.FirstResult"/>.</param>
public sealed record AttemptErrored(Exception Error) : AttemptEvent;
