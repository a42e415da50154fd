using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>A turn's messages of the author's: the one that runs, and those that wait for a state that handles them.</summary>
internal sealed class TurnMessages(WorkflowTurn turn, TurnDraft draft, TurnServices services)
{
    private RaisedEvent? _raised;
    private object? _running;
    private UserMessage? _opening;
    private KeptMessage? _resumed;
    private int _raisedCount;

    /// <summary>The message that is being run, so that it can be kept when no state handles it yet.</summary>
    public UserMessage? Current { get; private set; }

    /// <summary>Whether the message is kept for later.</summary>
    public bool Kept => draft.MessageKept;

    /// <summary>Whether the workflow keeps so many messages already that this one has no place: then the turn changes nothing.</summary>
    public bool Refused { get; private set; }

    /// <summary>Notes which message runs, and that it is seen.</summary>
    public void Receive(UserMessage message, InboxEntry inbox)
    {
        Receive(message);
        turn.Remember(inbox);
    }

    /// <summary>Notes which message of a timer's runs. Its row, gone in this change set, is what tells a repeat.</summary>
    public void Receive(UserMessage message) => Current = _opening = message;

    /// <summary>Notes which data the state machine is asked to handle: the running message's, or an event's that its own code raises.</summary>
    public void Raising(Event @event, object data, Func<string> body) => _raised = new RaisedEvent(@event, data, body);

    /// <summary>Notes which data came with the message that runs, to tell it from an event that the machine's own code raises.</summary>
    public void Running(object data) => _running = data;

    /// <summary>Keeps an event that no state handles yet until one does: the message that is being run, or one raised by the machine.</summary>
    /// <returns><see langword="false"/> when the event cannot be kept: it has no data, or there is no room for one of the machine's own.</returns>
    public bool TryKeep(Event @event)
    {
        if (_raised is not { } raised || !raised.Event.Equals(@event))
        {
            return false;
        }

        var isRunning = ReferenceEquals(raised.Data, _running);
        if (isRunning && _resumed is { } resumed && resumed.EventName == @event.Name)
        {
            KeepAgain(resumed);
            return true;
        }

        var isMessage = isRunning && _opening is not null && !draft.MessageKept;
        if (IsFull)
        {
            // The sender of the turn's message can be told; what the machine raises itself has none.
            return Refused = isMessage;
        }

        Keep(@event.Name, isMessage ? _opening! : new UserMessage(NextRaisedId(), raised.Body()));
        draft.MessageKept |= isMessage;
        return true;
    }

    /// <summary>Keeps the message that the turn is for without asking the machine.</summary>
    public Task KeepAsync(string eventName)
    {
        if (IsFull)
        {
            Refused = true;
        }
        else
        {
            Keep(eventName, _opening!);
            draft.MessageKept = true;

            // Of this message and the next run's begin one comes first: else the run might not see it.
            draft.Workflow = turn.Workflow! with { UpdatedAt = turn.Now };
            draft.WorkflowChanged = true;
        }

        return Task.CompletedTask;
    }

    /// <summary>Gets what the turn changed so far, to be compared after the machine has run.</summary>
    public TurnMark Mark() => new(draft.Workflow, draft.History.Count, draft.Outgoing.Count);

    /// <summary>Notes before its effects that the message was taken by a state, unless it was kept.</summary>
    /// <returns>Whether it had any effect; one that the state ignores has none.</returns>
    public bool NoteReceived(TurnMark before, string eventName, string body)
    {
        var changed = Kept || Mark().IsPast(before);
        if (changed && !Kept)
        {
            draft.History.Insert(before.History, turn.HistoryEntry(HistoryKind.EventReceived, HistoryData.Event(eventName, body)));
        }

        return changed;
    }

    /// <summary>Takes out the next kept message that is wanted, the oldest first.</summary>
    public KeptMessage? TakeKept(Func<string, bool> wants)
    {
        if (draft.KeptBefore.Find(x => wants(x.EventName) && !Mutants.On(Mutant.KeptMessageNotRaised)) is { } stored)
        {
            draft.KeptBefore.Remove(stored);
            draft.Released.Add(stored.MessageId);
            return stored;
        }

        // One that this turn kept, before it went on to a state that handles it.
        var fresh = draft.Kept.Find(x => wants(x.EventName));
        if (fresh is not null)
        {
            draft.Kept.Remove(fresh);
        }

        return fresh;
    }

    /// <summary>Notes that a kept message runs now.</summary>
    public void Resume(KeptMessage kept)
    {
        Current = new UserMessage(kept.MessageId, kept.Body);
        _opening = null;
        _resumed = kept;
        turn.Record(HistoryKind.EventReceived, HistoryData.Event(kept.EventName, null));
    }

    /// <summary>Drops a kept message that this code cannot raise any more. Its body stands in the history, from when it was kept.</summary>
    public void Drop(KeptMessage kept, string reason)
    {
        turn.Record(HistoryKind.EventDropped, HistoryData.Dropped(kept.EventName, reason));
        services.KeptMessageDropped(turn.WorkflowId, kept.EventName, reason);
    }

    /// <summary>Drops what is kept, because the workflow has ended, or its run.</summary>
    public void DropKept(Func<string, bool> drops)
    {
        foreach (var kept in draft.KeptBefore.Where(x => drops(x.EventName)))
        {
            draft.Released.Add(kept.MessageId);
            turn.Record(HistoryKind.EventDropped, HistoryData.Event(kept.EventName, null));
        }

        draft.KeptBefore.RemoveAll(x => drops(x.EventName));
        draft.Kept.RemoveAll(x => drops(x.EventName));
    }

    private bool IsFull => draft.KeptBefore.Count + draft.Kept.Count >= services.Limits.KeptMessages;

    private void Keep(string eventName, UserMessage message)
    {
        draft.Kept.Add(new KeptMessage(turn.WorkflowId, message.Id, eventName, message.Body, turn.Now));
        turn.Record(HistoryKind.EventKept, HistoryData.Event(eventName, message.Body));
    }

    // It has had its place, and its row is there if it was stored before this turn: only its release is taken back.
    private void KeepAgain(KeptMessage resumed)
    {
        _resumed = null;
        (draft.Released.Remove(resumed.MessageId) ? draft.KeptBefore : draft.Kept).Add(resumed);
        turn.Record(HistoryKind.EventKept, HistoryData.Event(resumed.EventName, resumed.Body));
    }

    private Guid NextRaisedId() => WireIds.Derive(turn.WorkflowId, $"raised/{turn.Workflow!.Version}/{_raisedCount++}");

    private readonly record struct RaisedEvent(Event Event, object Data, Func<string> Body);
}
