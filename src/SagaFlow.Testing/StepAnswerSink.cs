using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Testing;

/// <summary>Takes a handler's answers in place of the bus: each becomes a step. A heartbeat's receipt is needed at once.</summary>
internal sealed class StepAnswerSink(StepQueue steps, AnswerGate gate) : IAnswerSink
{
    public Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        steps.Add($"answer {answer.Kind}", () => gate.SendAsync(answer));
        return Task.CompletedTask;
    }

    public async Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken) =>
        await gate.SendAsync(heartbeat);
}
