namespace SagaFlow.Simulation.Worlds;

/// <summary>What a world's next event is about.</summary>
internal enum EventKind
{
    Deliver,
    Commit,
    Alarm,
    Sweep,
    OutboxSweep,
    EngineDown,
    EngineUp,
    Nemesis,
}

/// <summary>Something that is going to happen.</summary>
/// <param name="At">When.</param>
/// <param name="Tie">Orders what happens at one instant.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Number">Which engine, or which of the nemesis's acts.</param>
/// <param name="Subject">The message, the turn or the alarm.</param>
internal readonly record struct SimEvent(long At, ulong Tie, EventKind Kind, int Number, object? Subject)
{
    public bool IsBefore(in SimEvent other) => At < other.At || (At == other.At && Tie < other.Tie);
}

/// <summary>A binary heap of events: the earliest comes first.</summary>
internal sealed class EventHeap
{
    private SimEvent[] _events = new SimEvent[256];

    public int Count { get; private set; }

    public void Clear()
    {
        Array.Clear(_events, 0, Count);
        Count = 0;
    }

    public void Push(in SimEvent added)
    {
        if (Count == _events.Length)
        {
            Array.Resize(ref _events, Count * 2);
        }

        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!added.IsBefore(_events[parent]))
            {
                break;
            }

            _events[at] = _events[parent];
            at = parent;
        }

        _events[at] = added;
    }

    public bool TryPop(out SimEvent first)
    {
        if (Count == 0)
        {
            first = default;
            return false;
        }

        first = _events[0];
        var last = _events[--Count];
        _events[Count] = default;
        if (Count > 0)
        {
            Sink(last);
        }

        return true;
    }

    private void Sink(in SimEvent sinking)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && _events[child + 1].IsBefore(_events[child]))
            {
                child++;
            }

            if (!_events[child].IsBefore(sinking))
            {
                break;
            }

            _events[at] = _events[child];
            at = child;
        }

        _events[at] = sinking;
    }
}
