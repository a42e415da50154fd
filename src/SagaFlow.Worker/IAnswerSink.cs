using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Where a worker's answers go: the bus, or a test's engine in the same process.</summary>
internal interface IAnswerSink
{
    /// <summary>Sends an answer. A call that returns means that the transport has accepted it.</summary>
    Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken);

    /// <summary>Sends a heartbeat and waits a little for its receipt; <see langword="null"/> when none came.</summary>
    Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken);

    /// <summary>Sends <c>started</c> with a claim and waits for its receipt; <see langword="null"/> when none came.</summary>
    Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken);
}
