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

    public Task<Receipt?> HeartbeatAsync(ActivityAnswer heartbeat, AnswerAddress answerTo, CancellationToken cancellationToken) =>
        AskAsync(heartbeat);

    public Task<Receipt?> ClaimAsync(ActivityAnswer claim, AnswerAddress answerTo, CancellationToken cancellationToken) => AskAsync(claim);

    private Task<Receipt?> AskAsync(ActivityAnswer answer)
    {
        // The handler goes on inside the step, so that nothing runs beside it.
        var receipt = new TaskCompletionSource<Receipt?>();
        steps.Add($"answer {answer.Kind}", async () => receipt.SetResult(await gate.SendAsync(answer)));
        return receipt.Task;
    }
}
