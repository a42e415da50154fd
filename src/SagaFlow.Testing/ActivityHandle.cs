using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Testing;

/// <summary>One activity of a workflow, seen by whoever holds its token: a worker, another service, a person.</summary>
/// <remarks>Each answer goes to the engine as bytes with the real token, and gives the receipt once everything that follows
/// has happened.</remarks>
public sealed class ActivityHandle
{
    private readonly SagaFlowHarness _harness;
    private readonly Guid _workflowId;
    private readonly int? _attempt;

    internal ActivityHandle(SagaFlowHarness harness, Guid workflowId, string name, int? attempt = null)
    {
        (_harness, _workflowId, _attempt) = (harness, workflowId, attempt);
        Id = Find(x => x.ActivityId == name || x.Activity == name, $"activity '{name}'").ActivityId;
    }

    /// <summary>Gets the activity's id, such as <c>GetRoute-1</c>.</summary>
    public string Id { get; }

    /// <summary>Gets the request as it was delivered: the latest attempt's, or that of the attempt that was asked for.</summary>
    public ActivityRequest Request => _attempt is { } attempt
        ? Find(x => x.ActivityId == Id && x.Attempt == attempt, $"attempt {attempt} of '{Id}'")
        : Find(x => x.ActivityId == Id, $"activity '{Id}'");

    /// <summary>Gets the task token of <see cref="Request"/>.</summary>
    public string Token => Request.TaskToken;

    /// <summary>Speaks for one attempt, open or closed, with the token it was given.</summary>
    /// <param name="number">Which one, from 1.</param>
    public ActivityHandle Attempt(int number) => new(_harness, _workflowId, Id, number);

    /// <summary>Reads the activity's arguments.</summary>
    public TArguments Arguments<TArguments>() => PayloadJson.Read<TArguments>(Request.Arguments)!;

    /// <summary>Completes the attempt.</summary>
    /// <param name="result">What the activity gives.</param>
    public Task<Receipt> CompleteAsync(object? result) => AnswerAsync(AnswerKind.Completed, x => x with { Result = PayloadJson.Write(result) });

    /// <summary>Fails the attempt.</summary>
    public Task<Receipt> FailAsync(ActivityFailure failure) => AnswerAsync(AnswerKind.Failed, x => x with { Failure = failure });

    /// <summary>Fails the attempt with a failure that may be retried.</summary>
    /// <param name="type">A stable name of the kind of failure.</param>
    /// <param name="message">One sentence for a person.</param>
    public Task<Receipt> FailAsync(string type, string message) => FailAsync(new ActivityFailure(type, message));

    /// <summary>Says that the attempt was taken.</summary>
    public Task<Receipt> StartedAsync() => AnswerAsync(AnswerKind.Started, x => x);

    /// <summary>Says that the attempt is alive.</summary>
    /// <param name="checkpoint">How far it is; <see langword="null"/> says nothing about it.</param>
    public Task<Receipt> HeartbeatAsync(object? checkpoint = null) =>
        AnswerAsync(AnswerKind.Heartbeat, x => x with { Checkpoint = checkpoint is null ? null : PayloadJson.Write(checkpoint) });

    /// <summary>Says that the work was stopped as asked.</summary>
    public Task<Receipt> CanceledAsync() => AnswerAsync(AnswerKind.Canceled, x => x);

    /// <summary>Hands the attempt back, as a worker that stops does.</summary>
    /// <param name="checkpoint">How far it is; <see langword="null"/> says nothing about it.</param>
    public Task<Receipt> ReleasedAsync(object? checkpoint = null) =>
        AnswerAsync(AnswerKind.Released, x => x with { Checkpoint = checkpoint is null ? null : PayloadJson.Write(checkpoint) });

    private Task<Receipt> AnswerAsync(AnswerKind kind, Func<ActivityAnswer, ActivityAnswer> fill) =>
        _harness.AnswerAsync(fill(new ActivityAnswer { Kind = kind, TaskToken = Token }));

    private ActivityRequest Find(Func<ActivityRequest, bool> isMeant, string what)
    {
        var received = _harness.Desk.ReceivedOf(_workflowId);
        return received.LastOrDefault(isMeant) ?? throw new HarnessAssertionException(
            $"No request of {what} was delivered. Delivered: "
            + (received.Count == 0 ? "none." : $"{string.Join(", ", received.Select(x => $"'{x.ActivityId}' attempt {x.Attempt}"))}."));
    }
}
