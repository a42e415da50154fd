using System.Diagnostics;
using System.Diagnostics.Metrics;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>What a worker measures, on the meter <see cref="MeterName"/>.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>sagaflow.worker.claim.duration</c></term><description>From asking for an attempt to the engine's receipt, in seconds, where
/// handlers claim before they run. Tags: workflow type, activity, outcome (<c>granted</c>, <c>rejected</c>, <c>unanswered</c>).</description></item>
/// <item><term><c>sagaflow.worker.claims_rejected</c></term><description>Deliveries that were dropped because the attempt is another's, or
/// closed. Tags: workflow type, activity.</description></item>
/// <item><term><c>sagaflow.worker.run.duration</c></term><description>From taking a request to its handler's return, in seconds. Tags: workflow
/// type, activity, outcome (<c>completed</c>, <c>failed</c>, <c>canceled</c>, <c>released</c>, <c>pending</c>), async (whether somebody
/// else answers).</description></item>
/// </list>
/// </remarks>
internal sealed class WorkerMetrics : IDisposable
{
    public const string MeterName = "SagaFlow.Worker";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _claimDuration;
    private readonly Counter<long> _claimsRejected;
    private readonly Histogram<double> _runDuration;

    public WorkerMetrics()
    {
        _claimDuration = _meter.CreateHistogram<double>("sagaflow.worker.claim.duration", "s");
        _claimsRejected = _meter.CreateCounter<long>("sagaflow.worker.claims_rejected");
        _runDuration = _meter.CreateHistogram<double>("sagaflow.worker.run.duration", "s");
    }

    public void Claimed(ActivityRequest request, TimeSpan elapsed, string outcome)
    {
        _claimDuration.Record(elapsed.TotalSeconds, [.. TagsOf(request), new("outcome", outcome)]);
        if (outcome == "rejected")
        {
            _claimsRejected.Add(1, [.. TagsOf(request)]);
        }
    }

    /// <summary>Notes the end of a handler.</summary>
    /// <param name="request">What it ran.</param>
    /// <param name="elapsed">How long.</param>
    /// <param name="answer">What it came to; <see langword="null"/> when somebody else answers.</param>
    public void Ran(ActivityRequest request, TimeSpan elapsed, AnswerKind? answer) => _runDuration.Record(
        elapsed.TotalSeconds,
        [.. TagsOf(request), new("outcome", answer?.ToWireName() ?? "pending"), new("async", answer is null)]);

    public void Dispose() => _meter.Dispose();

    private static TagList TagsOf(ActivityRequest request) =>
        new() { { "workflow_type", request.WorkflowType }, { "activity", request.Activity } };
}
