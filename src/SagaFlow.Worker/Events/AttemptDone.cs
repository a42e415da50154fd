using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>A request has left the worker's hands (<c>task:done</c>): the last event of each request, whatever happened to it.</summary>
/// <param name="End">What became of it.</param>
/// <param name="Failure">The failure that was sent; <see langword="null"/> when none was.</param>
/// <param name="Error">The error that nobody handled; <see langword="null"/> when there was none.</param>
public sealed record AttemptDone(AttemptEnd End, ActivityFailure? Failure, Exception? Error) : AttemptEvent;
