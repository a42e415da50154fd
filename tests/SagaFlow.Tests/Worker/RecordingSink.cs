using System.Collections.Concurrent;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>Keeps the answers; refuses the first few when told so; gives every heartbeat the same receipt.</summary>
internal sealed class RecordingSink : IAnswerSink
{
    private readonly ConcurrentQueue<ActivityAnswer> _answers = [];

    public IReadOnlyList<ActivityAnswer> Answers => [.. _answers];

    public int Refusals { get; set; }

    public Receipt? HeartbeatReceipt { get; set; } = new(Disposition.Applied);

    public Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        if (Refusals-- > 0)
        {
            throw new TimeoutException("The broker is away");
        }

        _answers.Enqueue(answer);
        return Task.CompletedTask;
    }

    public Receipt? ClaimReceipt { get; set; } = new(Disposition.Applied);

    public Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        _answers.Enqueue(claim);
        return Task.FromResult(ClaimReceipt);
    }

    public Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        _answers.Enqueue(heartbeat);
        return Task.FromResult(HeartbeatReceipt);
    }
}
