using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Http;

/// <summary>To an engine behind HTTP. A workflow's id is derived here, so that every call names it in its path.</summary>
internal sealed class HttpRoad(HttpCalls calls, IOptions<SagaFlowClientOptions> options) : IRoad
{
    public Task<Receipt> AnswerAsync(Guid id, ActivityAnswer answer, CancellationToken cancellationToken)
    {
        var call = new HttpCall(HttpMethod.Post, answer.Kind.ToCallbackPath(), $"'{answer.Kind.ToWireName()}' answer")
        {
            Body = WireJson.Write(answer),
            IsAuthenticated = false,
        };
        return calls.CallAsync(call, TimeSpan.Zero, ReadReceipt, cancellationToken);
    }

    public Task<ControlReply> AskAsync(Guid id, ControlMessage message, string what, TimeSpan hold, CancellationToken cancellationToken) =>
        calls.CallAsync(CallOf(message, what), hold, ReadReply, cancellationToken);

    public Task<IAsyncDisposable> ListenForCancelAsync(
        string taskQueue, Func<ActivityCancellation, CancellationToken, Task> onCancel, CancellationToken cancellationToken) =>
        throw new SagaFlowException("Cancellations are not pushed over HTTP. Send heartbeats: their receipts say when to stop. Or use AddSagaFlowClient.");

    private HttpCall CallOf(ControlMessage message, string what) => message switch
    {
        StartWorkflow start => new HttpCall(HttpMethod.Post, $"/workflows/{Uri.EscapeDataString(start.WorkflowType)}", what)
        {
            Body = Encoding.UTF8.GetBytes(start.Message.GetRawText()),
            IdempotencyKey = start.MessageId,
        },
        SignalWorkflow signal => new HttpCall(HttpMethod.Post, $"/workflows/{IdOf(signal.WorkflowId, signal.WorkflowType, signal.BusinessKey)}/signal", what)
        {
            Body = WireWriter.Write(signal, HttpBodies.Write),
            IdempotencyKey = signal.MessageId,
        },
        CancelWorkflow cancel => new HttpCall(HttpMethod.Post, $"/workflows/{IdOf(cancel.WorkflowId, cancel.WorkflowType, cancel.BusinessKey)}/cancel", what)
        {
            Body = WireWriter.Write(cancel, HttpBodies.Write),
        },
        QueryWorkflow query => new HttpCall(HttpMethod.Get, PathOf(query), what),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "No such kind of control message."),
    };

    private string PathOf(QueryWorkflow query)
    {
        var workflow = $"/workflows/{IdOf(query.WorkflowId, query.WorkflowType, query.BusinessKey)}";
        return query.What switch
        {
            QueryTopic.Result => string.Create(CultureInfo.InvariantCulture, $"{workflow}/result?waitMs={query.WaitMs}"),
            QueryTopic.History => string.Create(CultureInfo.InvariantCulture, $"{workflow}/history?after={query.After}&limit={query.Limit}"),
            QueryTopic.Activities => $"{workflow}/activities",
            _ => workflow,
        };
    }

    private Guid IdOf(Guid? workflowId, string? workflowType, string? businessKey) =>
        workflowId ?? WireIds.Workflow(options.Value.Prefix, workflowType!, businessKey!.Normalize(NormalizationForm.FormC));

    private static Receipt? ReadReceipt(byte[] body) => WireJson.TryReadReceipt(body, out var receipt, out _) ? receipt : null;

    private static ControlReply? ReadReply(byte[] body) => ControlJson.TryReadReply(body, out var reply, out _) ? reply : null;
}
