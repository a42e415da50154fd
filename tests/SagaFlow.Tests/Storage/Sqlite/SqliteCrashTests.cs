using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

/// <summary>What a process that dies leaves behind is the database and its log, the log cut off anywhere.</summary>
public sealed class SqliteCrashTests
{
    [Fact]
    [Trait("Req", "REL-C2")]
    [Trait("Req", "T2")]
    public async Task After_a_crash_at_any_byte_of_the_log_only_whole_change_sets_are_there()
    {
        using var folder = new TemporaryFolder();
        await using var flow = SqliteStoreFixture.On(folder.File("flow.db"));
        await flow.Schema.PrepareAsync(default);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => flow.CommitAsync(Records.Start(Records.Id(i)))));
        var lengths = Enumerable.Range(0, 25).Select(i => 1 - (i / 24.0)).ToArray();

        var survivors = new List<int>();
        foreach (var share in lengths)
        {
            survivors.Add(await CountWholeChangeSetsAsync(flow.File, folder.File("copy.db"), share));
        }

        Assert.Equal(30, survivors[0]);
        Assert.Equal(0, survivors[^1]);
        Assert.Equal(survivors.OrderDescending(), survivors);
    }

    [Fact]
    [Trait("Req", "REL-C2")]
    public async Task A_crash_in_the_middle_of_a_transaction_leaves_nothing_of_it()
    {
        using var folder = new TemporaryFolder();
        await using var flow = SqliteStoreFixture.On(folder.File("flow.db"));
        await flow.Schema.PrepareAsync(default);
        await flow.CommitAsync(Records.Start(Records.Id(1)));

        var survivors = -1;
        await flow.Database.Writer.RunAloneAsync(
            async session =>
            {
                session.Execute("delete from sagaflow_workflow");
                survivors = await CountWholeChangeSetsAsync(flow.File, folder.File("copy.db"), 1);
                return (0, Keep: false);
            },
            default);

        Assert.Equal(1, survivors);
    }

    private static async Task<int> CountWholeChangeSetsAsync(string file, string copy, double shareOfLog)
    {
        File.Copy(file, copy, overwrite: true);
        File.Delete($"{copy}-shm");
        var log = await ReadAsync($"{file}-wal");
        await File.WriteAllBytesAsync($"{copy}-wal", log[..(int)(log.Length * shareOfLog)]);

        await using var flow = SqliteStoreFixture.On(copy);
        await flow.Schema.PrepareAsync(default);
        var sent = (await flow.OutgoingAsync()).Select(message => message.WorkflowId).ToHashSet();
        for (var i = 0; i < 30; i++)
        {
            await AssertWholeOrAbsentAsync(flow, Records.Id(i), sent.Contains(Records.Id(i)));
        }

        return sent.Count;
    }

    private static async Task AssertWholeOrAbsentAsync(SqliteStoreFixture flow, Guid id, bool there)
    {
        var loaded = await flow.LoadAsync(new LoadKey(id) { Workflow = true, ActivityId = "GetRoute-1", Inbox = Records.Inbox(id, id).Key });
        Assert.Equal((there, there, there), (loaded.Workflow is not null, loaded.Activity is not null, loaded.Seen is not null));
        Assert.Equal(there ? 2 : 0, (await flow.HistoryAsync(id)).Count);
    }

    // The store has the log open, and so has whoever reads it.
    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
