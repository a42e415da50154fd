using System.Diagnostics;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>The worker's spans, on the activity source <c>SagaFlow.Worker</c>: a run belongs to the trace that its activity was scheduled in.</summary>
internal static class WorkerTraces
{
    private static readonly ActivitySource Source = new("SagaFlow.Worker");

    public static Activity? Begin(ActivityRequest request)
    {
        ActivityContext.TryParse(request.Traceparent, traceState: null, isRemote: true, out var scheduled);
        return Source.StartActivity($"sagaflow run {request.Activity}", ActivityKind.Consumer, scheduled)?
            .SetTag("sagaflow.workflow.type", request.WorkflowType)
            .SetTag("sagaflow.workflow.id", request.WorkflowId)
            .SetTag("sagaflow.activity.id", request.ActivityId)
            .SetTag("sagaflow.activity.attempt", request.Attempt);
    }
}
