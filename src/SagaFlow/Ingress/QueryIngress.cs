using System.Text;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Ingress;

/// <summary>Answers questions about a workflow from what is committed; a question for the result may wait for the end.</summary>
internal sealed class QueryIngress(IWorkflowReader reader, ResultWaiters waiters, BusNames names)
{
    /// <summary>Answers at once, or when the workflow closes, or when the wait is over: whichever is first.</summary>
    public async Task AnswerAsync(QueryWorkflow query, Func<ControlReply, Task> reply, CancellationToken cancellationToken)
    {
        var workflowId = query.WorkflowId ?? WireIds.Workflow(names.Prefix, query.WorkflowType!, query.BusinessKey!.Normalize(NormalizationForm.FormC));
        if (query is { What: QueryTopic.Result, WaitMs: > 0 })
        {
            // Registered before the row is read, so that an end between the two is not missed.
            var waiting = waiters.Add(
                workflowId,
                TimeSpan.FromMilliseconds(query.WaitMs),
                async ended => await reply(ended is null ? await DescribeAsync(workflowId, query, CancellationToken.None) : Describe(ended)));
            var workflow = await reader.FindWorkflowAsync(workflowId, cancellationToken);
            if (workflow is not { Status: WorkflowStatus.Running })
            {
                waiting.Release(workflow);
            }

            return;
        }

        await reply(await DescribeAsync(workflowId, query, cancellationToken));
    }

    private async Task<ControlReply> DescribeAsync(Guid workflowId, QueryWorkflow query, CancellationToken cancellationToken)
    {
        var workflow = await reader.FindWorkflowAsync(workflowId, cancellationToken);
        if (workflow is null)
        {
            return ControlReply.From(new Receipt(Disposition.UnknownWorkflow, $"No workflow {workflowId}", WorkflowId: workflowId));
        }

        var reply = Describe(workflow);
        return query.What switch
        {
            QueryTopic.History => reply with { History = await ReadHistoryAsync(workflowId, query, cancellationToken) },
            QueryTopic.Activities => reply with { Activities = await ReadActivitiesAsync(workflowId, cancellationToken) },
            _ => reply,
        };
    }

    private static ControlReply Describe(WorkflowRecord workflow) =>
        ControlReply.From(new Receipt(Disposition.Applied, WorkflowId: workflow.Id)) with { Workflow = Descriptions.Of(workflow) };

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
