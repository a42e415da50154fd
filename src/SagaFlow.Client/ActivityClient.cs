using System.Runtime.InteropServices;
using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <inheritdoc cref="IActivityClient"/>
internal sealed class ActivityClient(IRoad road, IIdSource ids) : IActivityClient
{
    public Task<Receipt> CompleteAsync<TResult>(string taskToken, TResult result, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Completed, answer => answer with { Result = PayloadJson.Write(result) }, cancellationToken);

    public Task<Receipt> FailAsync(string taskToken, ActivityFailure failure, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Failed, answer => answer with { Failure = failure }, cancellationToken);

    public Task<Receipt> HeartbeatAsync(string taskToken, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Heartbeat, answer => answer, cancellationToken);

    public Task<Receipt> HeartbeatAsync<TCheckpoint>(string taskToken, TCheckpoint checkpoint, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Heartbeat, answer => answer with { Checkpoint = CheckpointOf(checkpoint) }, cancellationToken);

    public Task<Receipt> StartedAsync(string taskToken, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Started, answer => answer, cancellationToken);

    public Task<Receipt> CanceledAsync(string taskToken, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Canceled, answer => answer, cancellationToken);

    public Task<Receipt> ReleasedAsync(string taskToken, CancellationToken cancellationToken) =>
        AnswerAsync(taskToken, AnswerKind.Released, answer => answer, cancellationToken);

    public Task<IAsyncDisposable> ListenForCancelAsync(
        string taskQueue, Func<ActivityCancellation, CancellationToken, Task> onCancel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onCancel);
        return road.ListenForCancelAsync(taskQueue, onCancel, cancellationToken);
    }

    private static JsonElement CheckpointOf<TCheckpoint>(TCheckpoint checkpoint)
    {
        var payload = PayloadJson.Write(checkpoint);
        BodySize.Check(JsonMarshal.GetRawUtf8Value(payload).Length, "checkpoint", WireLimits.CheckpointBytes);
        return payload;
    }

    private async Task<Receipt> AnswerAsync(
        string taskToken, AnswerKind kind, Func<ActivityAnswer, ActivityAnswer> complete, CancellationToken cancellationToken)
    {
        // A wrong token is told at once: otherwise it would show as a long timeout.
        if (!TaskToken.TryParse(taskToken, out _, out var problem))
        {
            throw new MalformedTaskTokenException(problem);
        }

        var id = ids.Next();
        var answer = complete(new ActivityAnswer { Kind = kind, TaskToken = taskToken, MessageId = id.ToString() });
        return await road.AnswerAsync(id, answer, cancellationToken).ConfigureAwait(false);
    }
}
