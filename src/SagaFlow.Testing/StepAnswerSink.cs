using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Testing;

/// <summary>Takes a handler's answers in place of the bus: each becomes a step. A heartbeat's step gives its receipt to the handler.</summary>
internal sealed class StepAnswerSink(StepQueue steps, AnswerGate gate) : IAnswerSink
{
    public Task SendAsync(ActivityAnswer answer, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        steps.Add($"answer {answer.Kind}", () => gate.SendAsync(answer));
        return Task.CompletedTask;
    }

    public Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken)
    {
        // The handler goes on inside the step, so that nothing runs beside it.
        var receipt = new TaskCompletionSource<Receipt?>();
        steps.Add($"answer {heartbeat.Kind}", async () => receipt.SetResult(await gate.SendAsync(heartbeat)));
        return receipt.Task;
    }
}
