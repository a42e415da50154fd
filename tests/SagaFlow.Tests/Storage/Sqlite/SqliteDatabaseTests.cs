using Microsoft.Data.Sqlite;
using SagaFlow.Contracts;
using SagaFlow.Storage;
using SagaFlow.Storage.Sqlite;

namespace SagaFlow.Tests.Storage;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("flow.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        await CreateAsync(File);

        await using var flow = SqliteStoreFixture.On(File);
        await flow.Schema.PrepareAsync(default);

        Assert.NotNull(await flow.FindAsync(Records.Id(1)));
    }

    [Fact]
    [Trait("Req", "REL-C13")]
    public async Task Of_engines_that_start_at_once_on_an_empty_file_one_gets_it_and_the_others_are_told()
    {
        var engines = Enumerable.Range(0, 4).Select(_ => SqliteStoreFixture.On(File)).ToArray();

        var outcomes = await Task.WhenAll(engines.Select(engine => Task.Run(() => Record.ExceptionAsync(() => engine.Schema.PrepareAsync(default)))));

        var winner = Assert.Single(engines.Zip(outcomes), pair => pair.Second is null).First;
        Assert.Equal(CommitResult.Committed, await winner.CommitAsync(Records.Start(Records.Id(1))));
        Assert.All(outcomes.Where(outcome => outcome is not null), outcome => AssertInUse(outcome!));
        foreach (var engine in engines)
        {
            await engine.DisposeAsync();
        }
    }

    [Fact]
    [Trait("Req", "REL-4.6-68")]
    public async Task A_second_engine_is_refused_until_the_first_has_stopped_also_by_another_name_of_the_file()
    {
        var link = _folder.File("link.db");
        System.IO.File.CreateSymbolicLink(link, File);
        await using var second = SqliteStoreFixture.On(link);
        await using (var first = SqliteStoreFixture.On(File))
        {
            await first.Schema.PrepareAsync(default);

            AssertInUse(await Assert.ThrowsAsync<SagaFlowException>(() => second.Schema.PrepareAsync(default)));
        }

        await second.Schema.PrepareAsync(default);
        Assert.Equal(CommitResult.Committed, await second.CommitAsync(Records.Start(Records.Id(1))));
    }

    [Fact]
    [Trait("Req", "REL-4.6-69")]
    public async Task A_database_of_a_newer_engine_is_refused_and_both_versions_are_named()
    {
        await CreateAsync(File);
        Run("insert into sagaflow_schema_version (version, applied_at) values (7, '')");

        var error = await FailToPrepareAsync();

        Assert.Equal(
            $"SQLite database '{File}' has schema version 7; this engine knows versions up to 1. Use a newer SagaFlow, or name another file. Nothing was changed.",
            error.Message);
    }

    [Fact]
    [Trait("Req", "REL-C12")]
    public async Task Tables_are_created_all_or_none()
    {
        Run("create table sagaflow_workflow (id text); create table mine (id text)");

        var error = await FailToPrepareAsync();

        Assert.Contains("already exists", error.Message, StringComparison.Ordinal);
        Assert.Equal(2L, Run("select count(*) from sqlite_schema where type = 'table'"));
    }

    [Fact]
    public async Task The_author_may_keep_tables_of_his_own_in_the_file()
    {
        Run("create table workflow (id text); insert into workflow values ('mine')");

        await CreateAsync(File);

        Assert.Equal("mine", Run("select id from workflow"));
    }

    [Fact]
    [Trait("Req", "REL-D9")]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000));

        var error = await FailToPrepareAsync();

        Assert.Contains("is damaged or is no SQLite database", error.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), await System.IO.File.ReadAllTextAsync(File));
    }

    [Theory]
    [InlineData(50)]
    [InlineData(4096)]
    [InlineData(40_000)]
    [Trait("Req", "REL-D9")]
    public async Task A_truncated_database_is_refused(int length)
    {
        await CreateAsync(File);
        using (var stream = System.IO.File.OpenWrite(File))
        {
            Assert.True(stream.Length > length);
            stream.SetLength(length);
        }

        var error = await FailToPrepareAsync();

        Assert.Contains("is damaged or is no SQLite database", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(9 * 4096)]
    [Trait("Req", "REL-D9")]
    public async Task A_database_with_flipped_bytes_is_refused(int offset)
    {
        await CreateAsync(File);
        using (var stream = System.IO.File.Open(File, FileMode.Open))
        {
            var bytes = new byte[16];
            stream.Position = offset;
            stream.ReadExactly(bytes);
            stream.Position = offset;
            stream.Write([.. bytes.Select(one => (byte)~one)]);
        }

        var error = await FailToPrepareAsync();

        Assert.Contains("is damaged or is no SQLite database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-D9")]
    public async Task A_lost_database_whose_log_is_still_there_is_not_replaced_by_an_empty_one()
    {
        await System.IO.File.WriteAllTextAsync($"{File}-wal", "frames");

        var error = await FailToPrepareAsync();

        Assert.Contains("its write-ahead log", error.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Theory]
    [InlineData("missing/flow.db")]
    [InlineData("directory.db")]
    [Trait("Req", "REL-D9")]
    public async Task A_path_that_cannot_be_written_is_one_clear_line(string name)
    {
        Directory.CreateDirectory(_folder.File("directory.db"));
        await using var flow = SqliteStoreFixture.On(_folder.File(name));

        var error = await Assert.ThrowsAsync<SagaFlowException>(() => flow.Schema.PrepareAsync(default));

        Assert.StartsWith($"SQLite database '{_folder.File(name)}' cannot be opened for writing", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_refused_file_can_be_opened_once_it_is_repaired()
    {
        await System.IO.File.WriteAllTextAsync(File, new string('x', 5000));
        await using var flow = SqliteStoreFixture.On(File);
        await Assert.ThrowsAsync<SagaFlowException>(() => flow.Schema.PrepareAsync(default));

        System.IO.File.Delete(File);
        await flow.Schema.PrepareAsync(default);

        Assert.Equal(CommitResult.Committed, await flow.CommitAsync(Records.Start(Records.Id(1))));
    }

    [Fact]
    public async Task A_store_that_was_not_prepared_says_so()
    {
        await using var flow = SqliteStoreFixture.On(File);

        var read = await Assert.ThrowsAsync<InvalidOperationException>(() => flow.FindAsync(Records.Id(1)));
        var write = await Assert.ThrowsAsync<InvalidOperationException>(() => flow.CommitAsync(Records.Start(Records.Id(1))));

        Assert.Contains("PrepareAsync", read.Message, StringComparison.Ordinal);
        Assert.Contains("PrepareAsync", write.Message, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task The_log_is_synced_at_every_commit()
    {
        await using var database = new SqliteDatabase(File, TimeProvider.System);
        database.Open();

        var (mode, synchronous) = await database.Writer.WriteAsync(
            session => (session.Query("pragma journal_mode", row => row.Text())[0], session.Query("pragma synchronous", row => row.Int())[0]), default);

        Assert.Equal(("wal", 2), (mode, synchronous));
    }

    private static async Task CreateAsync(string file)
    {
        await using var flow = SqliteStoreFixture.On(file);
        await flow.Schema.PrepareAsync(default);
        await flow.CommitAsync(Records.Start(Records.Id(1)));
    }

    private async Task<SagaFlowException> FailToPrepareAsync()
    {
        await using var flow = SqliteStoreFixture.On(File);
        var error = await Assert.ThrowsAsync<SagaFlowException>(() => flow.Schema.PrepareAsync(default));
        Assert.DoesNotContain('\n', error.Message);
        return error;
    }

    private static void AssertInUse(Exception error) =>
        Assert.Matches("^SQLite supports one engine: '.*flow.db' is in use by another process\\.", Assert.IsType<SagaFlowException>(error).Message);

    private object? Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
