using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>The way from a client to an engine: the bus, or HTTP. Each call is offered again until it is answered or its time is over.</summary>
internal interface IRoad
{
    /// <summary>Sends an answer of an activity and gives its receipt.</summary>
    /// <param name="id">The id of the question, the same for each repetition.</param>
    /// <param name="answer">What is said.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<Receipt> AnswerAsync(Guid id, ActivityAnswer answer, CancellationToken cancellationToken);

    /// <summary>Sends a start, signal, cancellation or query and gives the reply.</summary>
    /// <param name="id">The id of the question, the same for each repetition.</param>
    /// <param name="message">What is asked.</param>
    /// <param name="what">What it is, for error messages.</param>
    /// <param name="hold">How long the engine may hold the reply back on purpose.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    Task<ControlReply> AskAsync(Guid id, ControlMessage message, string what, TimeSpan hold, CancellationToken cancellationToken);

    /// <inheritdoc cref="IActivityClient.ListenForCancelAsync"/>
    Task<IAsyncDisposable> ListenForCancelAsync(
        string taskQueue, Func<ActivityCancellation, CancellationToken, Task> onCancel, CancellationToken cancellationToken);
}
