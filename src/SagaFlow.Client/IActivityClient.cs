using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>Answers activities. Whoever holds a task token may: another service, a webhook, an operator.</summary>
/// <remarks>
/// Each call sends one answer, again with the same id while no receipt comes, and returns the receipt, which is given only after
/// the change is committed. A race lost is a <see cref="Receipt.Disposition"/>, never an exception. What every call throws:
/// <see cref="MalformedTaskTokenException"/> before anything is sent when the text is no task token, and
/// <see cref="ReceiptTimeoutException"/> when no receipt came within <see cref="SagaFlowClientOptions.ReceiptTimeout"/>.
/// Cancelling ends the waiting; the answer may be applied all the same.
/// </remarks>
public interface IActivityClient
{
    /// <summary>Ends the attempt with its result.</summary>
    Task<Receipt> CompleteAsync<TResult>(string taskToken, TResult result, CancellationToken cancellationToken = default);

    /// <summary>Ends the attempt with a failure; another attempt follows when the retry policy allows it.</summary>
    Task<Receipt> FailAsync(string taskToken, ActivityFailure failure, CancellationToken cancellationToken = default);

    /// <summary>Says that the attempt is alive. See <see cref="Receipt.CancelRequested"/> of the receipt: it says when to stop.</summary>
    Task<Receipt> HeartbeatAsync(string taskToken, CancellationToken cancellationToken = default);

    /// <summary>Says that the attempt is alive, and how far it is: the next attempt gets the checkpoint.</summary>
    Task<Receipt> HeartbeatAsync<TCheckpoint>(string taskToken, TCheckpoint checkpoint, CancellationToken cancellationToken = default);

    /// <summary>Says that the attempt was taken up: its start-to-close timeout runs from here.</summary>
    Task<Receipt> StartedAsync(string taskToken, CancellationToken cancellationToken = default);

    /// <summary>Says that the attempt stopped because it was asked to.</summary>
    Task<Receipt> CanceledAsync(string taskToken, CancellationToken cancellationToken = default);

    /// <summary>Hands the attempt back: the next one starts at once and does not count against the maximum.</summary>
    Task<Receipt> ReleasedAsync(string taskToken, CancellationToken cancellationToken = default);

    /// <summary>Listens for attempts of a task queue that are to stop: for whoever took a task token over from a handler.</summary>
    /// <remarks>It needs no heartbeats. A push is sent once, to those who listen at that moment: who listens late, or was away, learns
    /// the same from the receipt of a heartbeat. The push names workflow, activity and attempt as the request did; answer with
    /// <see cref="CanceledAsync"/> once the work has stopped.</remarks>
    /// <param name="taskQueue">The task queue of the activities, as their workflow names it.</param>
    /// <param name="onCancel">Called for each push, also for attempts that somebody else holds, several at a time. A call that throws
    /// is made again a few times.</param>
    /// <param name="cancellationToken">Ends the waiting for the connection.</param>
    /// <returns>Once it listens: what ends the listening when it is disposed.</returns>
    /// <exception cref="SagaFlowException">The task queue's name cannot be used.</exception>
    Task<IAsyncDisposable> ListenForCancelAsync(
        string taskQueue, Func<ActivityCancellation, CancellationToken, Task> onCancel, CancellationToken cancellationToken = default);
}
