using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus;

/// <summary>To an engine on the same broker.</summary>
internal sealed class BusRoad(Requester requester, CancelListener cancellations, BusNames names) : IRoad
{
    public async Task<Receipt> AnswerAsync(Guid id, ActivityAnswer answer, CancellationToken cancellationToken)
    {
        var question = new Question(id, WireJson.Write(answer), $"'{answer.Kind.ToWireName()}' answer");
        var reply = await requester.AskAsync(names.Answers, question, hold: TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return WireJson.TryReadReceipt(reply.Body, out var receipt, out var problem)
            ? receipt
            : throw new SagaFlowException($"The receipt of the {question.What} cannot be read: {problem.Detail}. Use the same version on both sides.");
    }

    public async Task<ControlReply> AskAsync(Guid id, ControlMessage message, string what, TimeSpan hold, CancellationToken cancellationToken)
    {
        var question = new Question(id, ControlJson.Write(message), what);
        var reply = await requester.AskAsync(names.Control, question, hold, cancellationToken).ConfigureAwait(false);
        return ControlJson.TryReadReply(reply.Body, out var read, out var problem)
            ? read
            : throw new SagaFlowException($"The reply to the {what} cannot be read: {problem}. Use the same version on both sides.");
    }

    public async Task<IAsyncDisposable> ListenForCancelAsync(
        string taskQueue, Func<ActivityCancellation, CancellationToken, Task> onCancel, CancellationToken cancellationToken)
    {
        _ = names.TaskQueue(taskQueue);
        return await cancellations.ConnectAsync([taskQueue], onCancel, cancellationToken).ConfigureAwait(false);
    }
}
