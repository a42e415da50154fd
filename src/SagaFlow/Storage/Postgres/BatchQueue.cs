using System.Threading.Channels;

namespace SagaFlow.Storage.Postgres;

/// <summary>What waits to be committed. A batch takes each row from one change set only; who comes second for a row waits for the next.</summary>
internal sealed class BatchQueue
{
    /// <summary>How many units share one statement at most.</summary>
    public const int MaxBatch = 128;

    // A batch stops growing beyond this, so that no statement takes long; one large change set alone is let through.
    private const int MaxBytes = 8 * 1024 * 1024;
    private const int MaxQueued = 8 * MaxBatch;

    private readonly Channel<CommitUnit> _arriving = Channel.CreateBounded<CommitUnit>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly LinkedList<CommitUnit> _waiting = [];

    /// <exception cref="ObjectDisposedException">The store was closed.</exception>
    public async Task AddAsync(CommitUnit unit)
    {
        try
        {
            await _arriving.Writer.WriteAsync(unit);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The PostgreSQL store was closed.", e);
        }
    }

    public void Close() => _arriving.Writer.TryComplete();

    /// <summary>Waits until there is something to commit; <see langword="false"/> when the queue is closed and empty.</summary>
    public ValueTask<bool> WaitAsync() => _waiting.Count > 0 ? ValueTask.FromResult(true) : _arriving.Reader.WaitToReadAsync();

    /// <summary>Takes what may share the next statement, in the order of arrival for each row.</summary>
    public List<CommitUnit> Take()
    {
        var batch = new Forming();
        for (var node = _waiting.First; node is not null && batch.HasRoom;)
        {
            var next = node.Next;
            if (batch.TryAdd(node.Value))
            {
                _waiting.Remove(node);
            }

            node = next;
        }

        while (batch.HasRoom && _waiting.Count < MaxQueued && _arriving.Reader.TryRead(out var unit))
        {
            if (!batch.TryAdd(unit))
            {
                _waiting.AddLast(unit);
            }
        }

        return batch.Units;
    }

    /// <summary>A batch while it is put together.</summary>
    private sealed class Forming
    {
        private readonly HashSet<RowKey> _exclusive = [];
        private readonly HashSet<RowKey> _shared = [];
        private int _bytes;

        public List<CommitUnit> Units { get; } = new(MaxBatch);

        public bool HasRoom => Units.Count < MaxBatch && _bytes < MaxBytes;

        /// <summary>Adds a unit, unless it touches a row of another one, or of one that waits for such a row.</summary>
        public bool TryAdd(CommitUnit unit)
        {
            RowKey[] exclusive = [.. unit.Changes?.Exclusive() ?? []];
            RowKey[] shared = [.. unit.Changes?.Shared() ?? []];
            var fits = !exclusive.Any(x => _exclusive.Contains(x) || _shared.Contains(x)) && !shared.Any(_exclusive.Contains);
            if (fits)
            {
                Units.Add(unit);
                _bytes += unit.Bytes;
                _shared.UnionWith(shared);
            }
            else
            {
                // Whoever comes behind it for any of its rows must not overtake it.
                _exclusive.UnionWith(shared);
            }

            _exclusive.UnionWith(exclusive);
            return fits;
        }
    }
}
