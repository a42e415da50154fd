using System.Text.Json;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The attempt that a handler runs.</summary>
public class ActivityExecutionContext
{
    private readonly ActivityRequest _request;
    private readonly RunningAttempt _attempt;

    internal ActivityExecutionContext(ActivityRequest request, RunningAttempt attempt)
    {
        _request = request;
        _attempt = attempt;
    }

    /// <summary>Gets the secret with which anybody may answer this attempt. Hand it on only to those who are to answer; never log it.</summary>
    public string TaskToken => _request.TaskToken;

    /// <summary>Gets a secret with which anybody may send heartbeats of this attempt, and nothing else; <see langword="null"/> unless the
    /// workflow sets the activity's <c>HeartbeatToken</c> option. Never log it.</summary>
    public string? HeartbeatToken => _request.HeartbeatToken;

    /// <summary>Gets the activity's name.</summary>
    public string ActivityName => _request.Activity;

    /// <summary>Gets the activity's id within its workflow, such as <c>Transmit-2</c>; the same for all attempts.</summary>
    public string ActivityId => _request.ActivityId;

    /// <summary>Gets the workflow's id.</summary>
    public Guid WorkflowId => _request.WorkflowId;

    /// <summary>Gets the workflow's type, in kebab case.</summary>
    public string WorkflowType => _request.WorkflowType;

    /// <summary>Gets the attempt, counted from 1.</summary>
    public int Attempt => _request.Attempt;

    /// <summary>Gets how many attempts there were before this one, counted from 0.</summary>
    public int RetryCount => _request.Attempt - 1;

    /// <summary>Gets when this attempt was scheduled.</summary>
    public DateTimeOffset ScheduledAt => _request.ScheduledAt;

    /// <summary>Gets the instant after which no result of any attempt is taken; <see langword="null"/> when there is none.</summary>
    public DateTimeOffset? ScheduleToCloseDeadline => _request.ScheduleToCloseDeadline;

    /// <summary>Gets the instant until which this attempt may run, by this process's clock; <see langword="null"/> when there is none.</summary>
    public DateTimeOffset? StartToCloseDeadline => _attempt.StartToCloseDeadline;

    /// <summary>Gets the longest silence allowed between two heartbeats; <see langword="null"/> when none are expected.</summary>
    /// <remarks>When this time passes without a heartbeat of this process that an engine took, the handler's token fires, also when
    /// the network is gone.</remarks>
    public TimeSpan? HeartbeatTimeout => _request.HeartbeatTimeoutMs is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    /// <summary>Gets whether the activity is to stop: a push or a heartbeat's receipt said so, and the handler's token has fired.</summary>
    public bool CancelRequested => _attempt.CancelRequested;

    /// <summary>Reads the last checkpoint of the attempts before.</summary>
    /// <typeparam name="TCheckpoint">The type that was given to <see cref="HeartbeatAsync{TCheckpoint}"/>.</typeparam>
    /// <returns>The checkpoint, or the type's default when there is none: then begin at the beginning.</returns>
    public TCheckpoint? Checkpoint<TCheckpoint>() =>
        _request.Checkpoint is { } checkpoint ? PayloadJson.Read<TCheckpoint>(checkpoint) : default;

    /// <summary>Says that the attempt is alive. It needs no token and may be called as often as it suits the work: what leaves is
    /// limited by <see cref="SagaFlowWorkerOptions.MaximumHeartbeatInterval"/>.</summary>
    /// <returns><see langword="true"/> when the activity or its workflow is closed or canceled, so that the handler should stop.</returns>
    /// <remarks>A heartbeat that no engine receives is no error.</remarks>
    /// <exception cref="SagaFlowException">The handler has returned. Outside of it, only <see cref="IActivityClient"/> can send
    /// heartbeats, with the task token.</exception>
    public Task<bool> HeartbeatAsync(CancellationToken cancellationToken = default) =>
        _attempt.HeartbeatAsync(checkpoint: null, cancellationToken);

    /// <summary>Says that the attempt is alive, and how far it is: the next attempt gets the checkpoint.</summary>
    /// <typeparam name="TCheckpoint">Any type that can be written as JSON, of at most 16 KiB.</typeparam>
    /// <inheritdoc cref="HeartbeatAsync(CancellationToken)"/>
    public Task<bool> HeartbeatAsync<TCheckpoint>(TCheckpoint checkpoint, CancellationToken cancellationToken = default) =>
        _attempt.HeartbeatAsync(PayloadJson.Write(checkpoint), cancellationToken);

    /// <summary>Gets the arguments as the workflow wrote them.</summary>
    public JsonElement RawArguments => _request.Arguments;

    /// <summary>Completes the attempt before the handler returns. Afterwards the handler returns <see cref="ActivityOutcome.Pending"/>.</summary>
    /// <typeparam name="TResult">What the activity gives.</typeparam>
    /// <param name="result">The result.</param>
    /// <returns>Ends when the transport has accepted the answer. Before, the attempt does not count as answered.</returns>
    /// <exception cref="AlreadyAnsweredException">The attempt was answered before; the exception shows how.</exception>
    /// <exception cref="SagaFlowException">The handler has returned: use <see cref="IActivityClient"/> with the task token.</exception>
    public Task CompleteAsync<TResult>(TResult result) =>
        _attempt.AnswerAsync(_attempt.Answers.Completed(JsonSerializer.SerializeToElement(result, PayloadJson.Options), _attempt));

    /// <summary>Fails the attempt before the handler returns. Afterwards the handler returns <see cref="ActivityOutcome.Pending"/>.</summary>
    /// <param name="failure">What the workflow sees: a code (<c>Type</c>) and a detail (<c>Message</c>).</param>
    /// <inheritdoc cref="CompleteAsync{TResult}"/>
    public Task FailAsync(ActivityFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return _attempt.AnswerAsync(_attempt.Answers.Failed(failure, exception: null, _attempt));
    }
}
