using System.Threading.Channels;

namespace SagaFlow.Benchmarks.Floor;

/// <summary>What waits while one batch is under way makes the next: no delay, no size to reach.</summary>
internal sealed class Batcher<TItem>(Func<IReadOnlyList<TItem>, Task> run, Func<TItem, Guid>? rowOf = null)
{
    private const int MaxBatch = 128;

    private readonly Channel<TItem> _arriving = Channel.CreateUnbounded<TItem>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<TItem> _left = [];

    public void Add(TItem item) => _arriving.Writer.TryWrite(item);

    public async Task RunAsync()
    {
        while (_left.Count > 0 || await _arriving.Reader.WaitToReadAsync())
        {
            await run(Take());
        }
    }

    // A statement changes each row once: a second item for the same one waits for the next.
    private List<TItem> Take()
    {
        var batch = new List<TItem>(MaxBatch);
        var rows = new HashSet<Guid>();
        var left = _left.ToArray();
        _left.Clear();
        foreach (var item in left)
        {
            Place(item, batch, rows);
        }

        while (batch.Count < MaxBatch && _arriving.Reader.TryRead(out var item))
        {
            Place(item, batch, rows);
        }

        return batch;
    }

    private void Place(TItem item, List<TItem> batch, HashSet<Guid> rows)
    {
        if (batch.Count < MaxBatch && (rowOf is null || rows.Add(rowOf(item))))
        {
            batch.Add(item);
        }
        else
        {
            _left.Add(item);
        }
    }
}
