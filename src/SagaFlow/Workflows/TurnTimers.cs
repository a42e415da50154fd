using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The timers of a turn: what its state machine schedules and unschedules, and the one that it raises.</summary>
internal sealed class TurnTimers(WorkflowTurn turn, TurnDraft draft)
{
    private TimeSpan? _delay;

    /// <summary>The id of the message that a timer raises: its own for each scheduling, and the same whenever the ring is run again.</summary>
    public static Guid MessageIdOf(Guid workflowId, Guid timerId) => WireIds.Derive(workflowId, $"timer/{timerId}");

    /// <summary>Notes the exact delay of the timer that is about to be scheduled. MassTransit adds it to the machine's clock, which
    /// is neither the engine's clock nor the same when the turn is run again.</summary>
    public void Expect(TimeSpan delay) => _delay = delay;

    /// <summary>Schedules a message for the workflow itself.</summary>
    /// <returns>The token by which it is unscheduled.</returns>
    public Guid Schedule(Type messageType, string body, DateTimeOffset at)
    {
        var workflow = turn.Workflow!;
        var timer = new TimerRecord(
            workflow.Id,
            WireIds.Derive(workflow.Id, $"schedule/{workflow.Version}/{draft.Timers.Count + draft.EndedTimers.Count}"),
            workflow.Type,
            MessageUrn.ForTypeString(messageType),
            body,
            _delay is { } delay ? turn.Now + delay : at,
            workflow.Version,
            turn.Now);
        _delay = null;
        draft.Timers.Add(timer);
        turn.Record(HistoryKind.TimerScheduled, HistoryData.Timer(timer, timer.Body));
        return timer.Id;
    }

    /// <summary>Takes a timer back, also one whose message is kept for a state that handles it. One that is gone is no error.</summary>
    public void Unschedule(Guid timerId)
    {
        draft.EndedTimers.Add(timerId);
        var messageId = MessageIdOf(turn.WorkflowId, timerId);
        draft.Kept.RemoveAll(x => x.MessageId == messageId);
        if (draft.KeptBefore.RemoveAll(x => x.MessageId == messageId) > 0)
        {
            draft.Released.Add(messageId);
        }

        turn.Record(HistoryKind.TimerUnscheduled, HistoryData.Timer(timerId));
    }

    /// <summary>Raises a timer: its row goes in the change set of its own effects.</summary>
    public UserMessage Fire(TimerRecord timer)
    {
        if (!Mutants.On(Mutant.TimerRowLeft))
        {
            draft.EndedTimers.Add(timer.Id);
        }

        turn.Record(HistoryKind.TimerFired, HistoryData.Timer(timer, body: null));
        return new UserMessage(MessageIdOf(timer.WorkflowId, timer.Id), timer.Body);
    }
}
