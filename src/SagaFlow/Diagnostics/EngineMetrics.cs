using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Workflows;

namespace SagaFlow.Diagnostics;

/// <summary>What the engine measures, on the meter <c>SagaFlow</c>. Times are seconds between instants that are committed.</summary>
/// <remarks>
/// <list type="table">
/// <item><term><c>sagaflow.activity.schedule_to_start</c></term><description>From handing an attempt out to its start: the age of
/// requests, to alarm on when workers are missing. Tags: workflow type, activity, task queue.</description></item>
/// <item><term><c>sagaflow.activity.attempt.duration</c></term><description>From an attempt's start to its end. Tags: workflow type,
/// activity, outcome (<c>completed</c>, <c>failed</c>, <c>timed_out</c>, <c>canceled</c>).</description></item>
/// <item><term><c>sagaflow.activity.duration</c></term><description>From scheduling an activity to its end, with all attempts. The same tags.</description></item>
/// <item><term><c>sagaflow.activity.result.size</c></term><description>Bytes of a result. Tags: workflow type, activity.</description></item>
/// <item><term><c>sagaflow.activity.attempts</c></term><description>Attempts that were handed out. Tags: workflow type, activity.</description></item>
/// <item><term><c>sagaflow.activity.timeouts</c></term><description>Attempts and activities that timed out. Tags: workflow type, activity,
/// type (<c>ScheduleToStart</c>, <c>StartToClose</c>, <c>ScheduleToClose</c>, <c>Heartbeat</c>).</description></item>
/// <item><term><c>sagaflow.answers</c></term><description>Answers that came. Tags: kind, disposition.</description></item>
/// <item><term><c>sagaflow.tokens</c></term><description>Genuine tokens that came. Tag: key, by whose id an old key is seen to be out of use.</description></item>
/// <item><term><c>sagaflow.quarantine</c></term><description>Messages that nobody can read and that were put aside. Tag: endpoint.</description></item>
/// <item><term><c>sagaflow.alarm.triggers</c></term><description>Rings that the alarm clock was set for, beside its sweep each second. Many
/// deadlines share one.</description></item>
/// </list>
/// </remarks>
internal sealed class EngineMetrics : ICommitListener, IDisposable
{
    public const string MeterName = "SagaFlow";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _scheduleToStart;
    private readonly Histogram<double> _attemptDuration;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _resultSize;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _timeouts;
    private readonly Counter<long> _answers;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _triggers;

    public EngineMetrics()
    {
        _scheduleToStart = _meter.CreateHistogram<double>("sagaflow.activity.schedule_to_start", "s");
        _attemptDuration = _meter.CreateHistogram<double>("sagaflow.activity.attempt.duration", "s");
        _duration = _meter.CreateHistogram<double>("sagaflow.activity.duration", "s");
        _resultSize = _meter.CreateHistogram<long>("sagaflow.activity.result.size", "By");
        _attempts = _meter.CreateCounter<long>("sagaflow.activity.attempts");
        _timeouts = _meter.CreateCounter<long>("sagaflow.activity.timeouts");
        _tokens = _meter.CreateCounter<long>("sagaflow.tokens");
        _quarantined = _meter.CreateCounter<long>("sagaflow.quarantine");
        _answers = _meter.CreateCounter<long>("sagaflow.answers");
        _triggers = _meter.CreateCounter<long>("sagaflow.alarm.triggers");
    }

    /// <summary>Counts an answer by what became of it.</summary>
    public void Answered(AnswerKind kind, Disposition disposition) =>
        _answers.Add(1, new("kind", kind.ToWireName()), new("disposition", disposition.ToWireName()));

    /// <summary>Counts a genuine token by its key.</summary>
    public void Verified(string keyId) => _tokens.Add(1, new KeyValuePair<string, object?>("key", keyId));

    /// <summary>Counts a message that was put aside.</summary>
    public void Quarantined(string endpoint) => _quarantined.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint));

    /// <summary>Counts a ring that was asked of the scheduler.</summary>
    public void TriggerSet() => _triggers.Add(1);

    // The history says what happened in this change set, the rows when.
    public void OnCommitted(ChangeSet changes)
    {
        foreach (var record in changes.Activities)
        {
            foreach (var entry in changes.History.Where(x => x.ActivityId == record.State.Id))
            {
                Measure(record, entry);
            }
        }
    }

    public void Dispose() => _meter.Dispose();

    private void Measure(ActivityRecord record, HistoryEvent entry)
    {
        switch (entry.Kind)
        {
            case HistoryKind.AttemptStarted when record.State.StartedAt is { } startedAt:
                _scheduleToStart.Record((startedAt - record.State.AttemptScheduledAt).TotalSeconds, TagsOf(record, ("task_queue", record.State.TaskQueue)));
                break;
            case HistoryKind.ActivityScheduled or HistoryKind.AttemptScheduled:
                _attempts.Add(1, TagsOf(record));
                break;
            case HistoryKind.AttemptFailed:
                MeasureAttempt(record, entry.At, "failed");
                break;
            case HistoryKind.AttemptTimedOut:
                MeasureAttempt(record, entry.At, "timed_out");
                _timeouts.Add(1, TagsOf(record, ("type", HistoryData.TimeoutTypeOf(entry.Data) ?? "")));
                break;
            case HistoryKind.ActivityCompleted or HistoryKind.ActivityFailed or HistoryKind.ActivityTimedOut or HistoryKind.ActivityCanceled:
                MeasureEnd(record, entry);
                break;
        }
    }

    private void MeasureAttempt(ActivityRecord record, DateTimeOffset endedAt, string outcome)
    {
        if (record.State.StartedAt is { } startedAt)
        {
            _attemptDuration.Record((endedAt - startedAt).TotalSeconds, TagsOf(record, ("outcome", outcome)));
        }
    }

    private void MeasureEnd(ActivityRecord record, HistoryEvent entry)
    {
        var outcome = entry.Kind switch
        {
            HistoryKind.ActivityCompleted => "completed",
            HistoryKind.ActivityFailed => "failed",
            HistoryKind.ActivityTimedOut => "timed_out",
            _ => "canceled",
        };
        // An activity that ends between two attempts had its last attempt measured when that ended.
        if (record.State.ClosedAttempts is not [.., { } earlier, { } last] || earlier.Attempt != last.Attempt)
        {
            MeasureAttempt(record, entry.At, outcome);
        }

        if (record.State is { Status: ActivityStatus.TimedOut, TimeoutType: { } type })
        {
            _timeouts.Add(1, TagsOf(record, ("type", type.ToString())));
        }

        _duration.Record((entry.At - record.State.ScheduledAt).TotalSeconds, TagsOf(record, ("outcome", outcome)));
        if (record.State is { Status: ActivityStatus.Completed, Result: { } result })
        {
            _resultSize.Record(Encoding.UTF8.GetByteCount(result), TagsOf(record));
        }
    }

    private static TagList TagsOf(ActivityRecord record, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var tags = new TagList { { "workflow_type", record.WorkflowType }, { "activity", record.State.Name } };
        foreach (var (name, value) in more)
        {
            tags.Add(name, value);
        }

        return tags;
    }
}
