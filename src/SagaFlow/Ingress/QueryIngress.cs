using System.Text;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Ingress;

/// <summary>Answers questions about a workflow from what is committed. A question for the result may wait for the end: it is answered when the
/// workflow closes or the wait is over, whichever is first.</summary>
internal sealed class QueryIngress(IWorkflowReader reader, ResultWaiters waiters, BusNames names, ILogger<QueryIngress> logger)
{
    /// <summary>Answers a caller who stays on the line: when he has gone, as the token tells, nothing waits for him.</summary>
    public async Task<ControlReply> AnswerAsync(QueryWorkflow query, CancellationToken cancellationToken)
    {
        var reply = await TakeAsync(query, hungUp: cancellationToken, cancellationToken);
        return await reply;
    }

    /// <summary>Answers a caller whom only the reply reaches. This returns once the question is read; the reply may come much later.</summary>
    public async Task AnswerAsync(QueryWorkflow query, Func<ControlReply, Task> tell, CancellationToken cancellationToken)
    {
        var reply = await TakeAsync(query, hungUp: CancellationToken.None, cancellationToken);
        if (reply.IsCompleted)
        {
            await tell(await reply);
        }
        else
        {
            _ = TellLaterAsync(reply, tell);
        }
    }

    private async Task<Task<ControlReply>> TakeAsync(QueryWorkflow query, CancellationToken hungUp, CancellationToken cancellationToken)
    {
        var workflowId = query.WorkflowId ?? WireIds.Workflow(names.Prefix, query.WorkflowType!, query.BusinessKey!.Normalize(NormalizationForm.FormC));
        if (query is not { What: QueryTopic.Result, WaitMs: > 0 })
        {
            return Task.FromResult(await DescribeAsync(workflowId, query, cancellationToken));
        }

        // Registered before the row is read, so that an end between the two is not missed.
        var waiter = waiters.TryAdd(workflowId, TimeSpan.FromMilliseconds(query.WaitMs));
        try
        {
            var workflow = await reader.FindWorkflowAsync(workflowId, cancellationToken);
            if (workflow is { Status: WorkflowStatus.Running } && waiter is { } waiting)
            {
                waiter = null;
                return WaitAsync(waiting, query, hungUp);
            }

            return Task.FromResult(workflow is { Status: WorkflowStatus.Running } ? TooManyWait(workflow) : Describe(workflowId, workflow));
        }
        finally
        {
            waiter?.Dispose();
        }
    }

    private async Task<ControlReply> WaitAsync(ResultWaiters.Waiter waiter, QueryWorkflow query, CancellationToken hungUp)
    {
        using (waiter)
        {
            return await waiter.Ended.WaitAsync(hungUp) is { } ended
                ? Describe(waiter.WorkflowId, ended)
                : await DescribeAsync(waiter.WorkflowId, query, hungUp);
        }
    }

    private async Task TellLaterAsync(Task<ControlReply> reply, Func<ControlReply, Task> tell)
    {
        try
        {
            await tell(await reply);
        }
        catch (Exception exception)
        {
            logger.ReplyNotSent(exception);
        }
    }

    private async Task<ControlReply> DescribeAsync(Guid workflowId, QueryWorkflow query, CancellationToken cancellationToken)
    {
        var workflow = await reader.FindWorkflowAsync(workflowId, cancellationToken);
        var reply = Describe(workflowId, workflow);
        return query.What switch
        {
            _ when workflow is null => reply,
            QueryTopic.History => reply with { History = await ReadHistoryAsync(workflowId, query, cancellationToken) },
            QueryTopic.Activities => reply with { Activities = await ReadActivitiesAsync(workflowId, cancellationToken) },
            _ => reply,
        };
    }

    private static ControlReply Describe(Guid workflowId, WorkflowRecord? workflow) => workflow is null
        ? ControlReply.From(new Receipt(Disposition.UnknownWorkflow, $"No workflow {workflowId}", WorkflowId: workflowId))
        : ControlReply.From(new Receipt(Disposition.Applied, WorkflowId: workflowId)) with { Workflow = Descriptions.Of(workflow) };

    private static ControlReply TooManyWait(WorkflowRecord workflow) => ControlReply.From(
        new Receipt(Disposition.TooMany, "Too many callers wait for results here. Ask again in 2 s.", WorkflowId: workflow.Id)
        {
            Code = ControlReply.TooManyWaiting,
        }) with
    {
        Workflow = Descriptions.Of(workflow),
    };

    private async Task<IReadOnlyList<WorkflowHistoryEvent>> ReadHistoryAsync(Guid workflowId, QueryWorkflow query, CancellationToken cancellationToken)
    {
        var history = await reader.ReadHistoryAsync(workflowId, query.After, query.Limit, cancellationToken);
        return [.. history.Select(Descriptions.Of)];
    }

    private async Task<IReadOnlyList<ActivityDescription>> ReadActivitiesAsync(Guid workflowId, CancellationToken cancellationToken)
    {
        var activities = await reader.ReadActivitiesAsync(workflowId, cancellationToken);
        return [.. activities.Select(Descriptions.Of)];
    }
}
