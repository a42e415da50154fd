using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>A turn's messages of the author's: the one that runs, and those that wait for a state that handles them.</summary>
internal sealed class TurnMessages(WorkflowTurn turn, TurnDraft draft, TurnServices services)
{
    /// <summary>The message that is being run, so that it can be kept when no state handles it yet.</summary>
    public UserMessage? Current { get; private set; }

    /// <summary>Whether the message is kept for later.</summary>
    public bool Kept => draft.MessageKept;

    /// <summary>Whether the workflow keeps so many messages already that this one has no place: then the turn changes nothing.</summary>
    public bool Refused { get; private set; }

    /// <summary>Notes which message runs, and that it is seen.</summary>
    public void Receive(UserMessage message, InboxEntry inbox)
    {
        Current = message;
        turn.Remember(inbox);
    }

    /// <summary>Notes which message of a timer's runs. Its row, gone in this change set, is what tells a repeat.</summary>
    public void Receive(UserMessage message) => Current = message;

    /// <summary>Keeps the message that is being run until a state handles it.</summary>
    public void Keep(string eventName)
    {
        var message = Current ?? throw new InvalidOperationException($"Event '{eventName}' was raised by no message.");
        if (draft.KeptBefore.Count + draft.Kept.Count >= services.Limits.KeptMessages)
        {
            Refused = true;
            return;
        }

        draft.Kept.Add(new KeptMessage(turn.WorkflowId, message.Id, eventName, message.Body, turn.Now));
        draft.MessageKept = true;
        turn.Record(HistoryKind.EventKept, HistoryData.Event(eventName, message.Body));
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

    /// <summary>Takes the next kept message that the given state handles.</summary>
    public KeptMessage? TakeKept(Func<string, bool> handles)
    {
        var kept = draft.KeptBefore.Find(x => handles(x.EventName));
        if (kept is not null)
        {
            draft.KeptBefore.Remove(kept);
            draft.Released.Add(kept.MessageId);
            Current = new UserMessage(kept.MessageId, kept.Body);
            turn.Record(HistoryKind.EventReceived, HistoryData.Event(kept.EventName, null));
        }

        return kept;
    }

    /// <summary>Drops what is kept, because the workflow has ended.</summary>
    public void DropKept()
    {
        foreach (var kept in draft.KeptBefore)
        {
            draft.Released.Add(kept.MessageId);
            turn.Record(HistoryKind.EventDropped, HistoryData.Event(kept.EventName, null));
        }

        draft.KeptBefore.Clear();
    }
}
