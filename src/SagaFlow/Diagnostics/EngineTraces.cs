using System.Diagnostics;
using SagaFlow.Client.Bus;
using SagaFlow.Storage;

namespace SagaFlow.Diagnostics;

/// <summary>The engine's spans, on the activity source <c>SagaFlow</c>.</summary>
/// <remarks>An activity's row keeps the trace context that it was scheduled in. What its holder answers, days later and from wherever,
/// is a span of that trace, and is linked to the caller's own: over HTTP the server's span, on the bus the one of <see cref="BeginReceive"/>. No span
/// holds a token or a payload.</remarks>
internal static class EngineTraces
{
    public const string SourceName = "SagaFlow";

    private const string TraceHeader = "traceparent";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The context that what is scheduled now belongs to, as the header <c>traceparent</c> says it; <see langword="null"/> when nobody traces.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } ? id : null;

    /// <summary>Begins the span of taking a message off a queue, in the trace that its sender names in the header <c>traceparent</c>;
    /// <see langword="null"/> when he names none, or nobody traces.</summary>
    public static Activity? BeginReceive(RawMessage message, string queue)
    {
        if (!Source.HasListeners() || !message.Headers.TryGetValue(TraceHeader, out var id) || !ActivityContext.TryParse(id, traceState: null, isRemote: true, out var sender))
        {
            return null;
        }

        // Also where the sender's trace is not recorded, the answer's span says whose it was.
        var name = $"{queue} receive";
        return Source.StartActivity(name, ActivityKind.Consumer, sender)
            ?? new Activity(name).SetParentId(sender.TraceId, sender.SpanId, sender.TraceFlags).Start();
    }

    /// <summary>Begins the span of a start or a signal.</summary>
    public static Activity? Begin(string verb, string workflowType, Guid workflowId) =>
        Source.StartActivity($"sagaflow {verb} {workflowType}", ActivityKind.Consumer)?
            .SetTag("sagaflow.workflow.type", workflowType)
            .SetTag("sagaflow.workflow.id", workflowId);

    /// <summary>Begins the span of something that happened to an activity, in the trace in which it was scheduled.</summary>
    public static Activity? BeginFor(ActivityRecord record, string what)
    {
        var state = record.State;
        if (!Source.HasListeners() || !ActivityContext.TryParse(state.Policy.Traceparent, traceState: null, isRemote: true, out var scheduled))
        {
            return null;
        }

        var caller = Activity.Current?.Context;
        return Source.StartActivity(
                $"sagaflow {what} {state.Name}", ActivityKind.Consumer, scheduled,
                links: caller is { } context && context.TraceId != scheduled.TraceId ? [new ActivityLink(context)] : null)?
            .SetTag("sagaflow.workflow.type", record.WorkflowType)
            .SetTag("sagaflow.workflow.id", state.WorkflowId)
            .SetTag("sagaflow.activity.id", state.Id)
            .SetTag("sagaflow.activity.attempt", state.Attempt);
    }
}
