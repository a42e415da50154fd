using System.Text.Json;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <inheritdoc cref="IWorkflowClient"/>
internal sealed class WorkflowClient(IRoad road, IIdSource ids, TimeProvider timeProvider) : IWorkflowClient
{
    private const string Running = "Running";
    private const string Completed = "Completed";

    // The engine answers as soon as the workflow is closed; the wait only bounds how long it keeps one question.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    public async Task<Receipt> StartAsync(string workflowType, object message, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowType);
        ArgumentNullException.ThrowIfNull(message);
        var id = ids.Next();
        var start = new StartWorkflow(id.ToString(), workflowType, PayloadJson.Write(message));
        return (await road.AskAsync(id, start, $"start of '{workflowType}'", TimeSpan.Zero, cancellationToken).ConfigureAwait(false)).ToReceipt();
    }

    public Task<Receipt> CancelAsync(Guid workflowId, string? reason, CancellationToken cancellationToken) =>
        CancelAsync(new CancelWorkflow { WorkflowId = workflowId, Reason = reason }, workflowId.ToString(), cancellationToken);

    public Task<Receipt> CancelAsync(string workflowType, string businessKey, string? reason, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowType);
        ArgumentException.ThrowIfNullOrEmpty(businessKey);
        var cancel = new CancelWorkflow { WorkflowType = workflowType, BusinessKey = businessKey, Reason = reason };
        return CancelAsync(cancel, $"'{businessKey}' of type '{workflowType}'", cancellationToken);
    }

    public Task<Receipt> SignalAsync(Guid workflowId, object message, string? eventName, CancellationToken cancellationToken) =>
        SignalAsync(new SignalWorkflow { WorkflowId = workflowId, Message = PayloadOf(message) }, message, eventName, cancellationToken);

    public Task<Receipt> SignalAsync(
        string workflowType, string businessKey, object message, string? eventName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowType);
        ArgumentException.ThrowIfNullOrEmpty(businessKey);
        var signal = new SignalWorkflow { WorkflowType = workflowType, BusinessKey = businessKey, Message = PayloadOf(message) };
        return SignalAsync(signal, message, eventName, cancellationToken);
    }

    public async Task<TResult?> GetResultAsync<TResult>(Guid workflowId, CancellationToken cancellationToken)
    {
        var workflow = await WaitUntilClosedAsync(workflowId, cancellationToken).ConfigureAwait(false);
        if (workflow.Status != Completed)
        {
            throw new WorkflowFailedException(workflow);
        }

        return workflow.Result is { } result ? PayloadJson.Read<TResult>(result) : default;
    }

    public Task<WorkflowDescription> QueryAsync(Guid workflowId, CancellationToken cancellationToken) =>
        DescribeAsync(new QueryWorkflow { WorkflowId = workflowId, What = QueryTopic.Workflow }, cancellationToken);

    public Task<WorkflowDescription> QueryAsync(string workflowType, string businessKey, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(workflowType);
        ArgumentException.ThrowIfNullOrEmpty(businessKey);
        var query = new QueryWorkflow { WorkflowType = workflowType, BusinessKey = businessKey, What = QueryTopic.Workflow };
        return DescribeAsync(query, cancellationToken);
    }

    public async Task<IReadOnlyList<WorkflowHistoryEvent>> GetHistoryAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        var history = new List<WorkflowHistoryEvent>();
        IReadOnlyList<WorkflowHistoryEvent> page;
        do
        {
            var query = new QueryWorkflow
            {
                WorkflowId = workflowId,
                What = QueryTopic.History,
                After = history.Count == 0 ? 0 : history[^1].Sequence,
                Limit = QueryWorkflow.MaximumLimit,
            };
            page = (await QueryAsync(query, TimeSpan.Zero, cancellationToken).ConfigureAwait(false)).History ?? [];
            history.AddRange(page);
        }
        while (page.Count == QueryWorkflow.MaximumLimit);

        return history;
    }

    public async Task<IReadOnlyList<ActivityDescription>> GetActivitiesAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        var query = new QueryWorkflow { WorkflowId = workflowId, What = QueryTopic.Activities };
        return (await QueryAsync(query, TimeSpan.Zero, cancellationToken).ConfigureAwait(false)).Activities ?? [];
    }

    private async Task<Receipt> CancelAsync(CancelWorkflow cancel, string name, CancellationToken cancellationToken)
    {
        if (cancel.Reason?.Length > CancelWorkflow.MaximumReasonLength)
        {
            throw new ArgumentException($"The reason has {cancel.Reason.Length} characters; {CancelWorkflow.MaximumReasonLength} are allowed.");
        }

        var reply = await road.AskAsync(ids.Next(), cancel, $"cancellation of workflow {name}", TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        return reply.ToReceipt();
    }

    private async Task<Receipt> SignalAsync(SignalWorkflow signal, object message, string? eventName, CancellationToken cancellationToken)
    {
        var id = ids.Next();
        var named = signal with { MessageId = id.ToString(), Event = eventName ?? message.GetType().Name };
        return (await road.AskAsync(id, named, $"signal '{named.Event}'", TimeSpan.Zero, cancellationToken).ConfigureAwait(false)).ToReceipt();
    }

    private static JsonElement PayloadOf(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return PayloadJson.Write(message);
    }

    private async Task<WorkflowDescription> WaitUntilClosedAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        var query = new QueryWorkflow { WorkflowId = workflowId, What = QueryTopic.Result, WaitMs = (int)Hold.TotalMilliseconds };
        while (true)
        {
            try
            {
                var reply = await QueryAsync(query, Hold, cancellationToken).ConfigureAwait(false);
                if (Described(reply) is { Status: not Running } ended)
                {
                    return ended;
                }

                // Where nobody more may wait, the client does, and not all clients for the same time.
                await Task.Delay(reply.Code == ControlReply.TooManyWaiting ? ids.NextPause(LongestPause) : TimeSpan.Zero, timeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (ReceiptTimeoutException)
            {
                // The engine may be restarting; the workflow is not lost, and the caller's token says how long to wait.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<WorkflowDescription> DescribeAsync(QueryWorkflow query, CancellationToken cancellationToken) =>
        Described(await QueryAsync(query, TimeSpan.Zero, cancellationToken).ConfigureAwait(false));

    private async Task<ControlReply> QueryAsync(QueryWorkflow query, TimeSpan hold, CancellationToken cancellationToken)
    {
        var name = query.WorkflowId?.ToString() ?? $"'{query.BusinessKey}' of type '{query.WorkflowType}'";
        var what = $"query of workflow {name}";
        var reply = await road.AskAsync(ids.Next(), query, what, hold, cancellationToken).ConfigureAwait(false);
        return reply.Disposition switch
        {
            Disposition.Applied or Disposition.Ignored => reply,
            Disposition.TooMany when reply.Code == ControlReply.TooManyWaiting => reply,
            Disposition.UnknownWorkflow => throw new WorkflowNotFoundException(name),
            _ => throw new SagaFlowException($"The {what} was refused as '{reply.Disposition.ToWireName()}': {reply.Detail}"),
        };
    }

    private static WorkflowDescription Described(ControlReply reply) =>
        reply.Workflow ?? throw new SagaFlowException("The engine's reply describes no workflow. Use the same version on both sides.");
}
