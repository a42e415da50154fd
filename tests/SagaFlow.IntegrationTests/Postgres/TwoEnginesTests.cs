using System.Collections.Concurrent;
using System.Globalization;
using SagaFlow.Activities;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>Two engines on one database: nothing is lost, nothing is half.</summary>
public sealed class TwoEnginesTests : IAsyncLifetime
{
    private const string Left = "Left-1";
    private const string Right = "Right-1";

    private PostgresStoreFixture _one = null!;
    private PostgresStoreFixture _two = null!;

    public async Task InitializeAsync()
    {
        _one = await PostgresStoreFixture.CreateAsync();
        _two = PostgresStoreFixture.On(_one.SchemaName);
    }

    public async Task DisposeAsync()
    {
        await _two.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    [Trait("Req", "REL-D3")]
    [Trait("Req", "P13")]
    public async Task Thirty_two_writers_of_one_workflow_all_come_through()
    {
        var id = Records.Id(1);
        await _one.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { Document = "0" } });

        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => IncrementAsync(i % 2 == 0 ? _one : _two, id, times: 20))));

        var stored = (await _one.FindAsync(id))!;
        Assert.Equal(("640", 641), (stored.Document, stored.Version));
        Assert.Equal(640, (await _two.HistoryAsync(id)).Count);
    }

    [Fact]
    [Trait("Req", "T2")]
    [Trait("Req", "P13")]
    public async Task Stale_versions_and_repeats_at_both_engines_at_once_leave_no_lost_update_and_no_half_change_set()
    {
        const int workflows = 8;
        const int writers = 16;
        const int rounds = 40;
        for (var i = 0; i < workflows; i++)
        {
            await StartPairAsync(Records.Id(i));
        }

        var results = new ConcurrentQueue<(Guid Message, CommitResult Result)>();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer))));

        Assert.Contains(results, x => x.Result == CommitResult.Conflict);
        Assert.Contains(results, x => x.Result == CommitResult.Duplicate);
        var committed = results.Where(x => x.Result == CommitResult.Committed).Select(x => x.Message).ToList();
        Assert.Equal(committed.Count, committed.Distinct().Count());
        var changes = 0;
        for (var i = 0; i < workflows; i++)
        {
            changes += await AssertWholeAsync(Records.Id(i));
        }

        Assert.Equal(committed.Count, changes);

        async Task WriteAsync(int writer)
        {
            for (var round = 0; round < rounds; round++)
            {
                var id = Records.Id((writer + round) % workflows);
                var message = Records.Id(1_000 + (writer * rounds) + round);
                var change = await PairChangeAsync(writer % 2 == 0 ? _one : _two, id, message, isStale: round % 10 == 9);

                // The same message is delivered to both engines at once.
                var both = await Task.WhenAll(_one.CommitAsync(change), _two.CommitAsync(change));
                foreach (var result in both)
                {
                    results.Enqueue((message, result));
                }
            }
        }
    }

    [Fact]
    [Trait("Req", "REL-R13")]
    public async Task Members_that_close_at_both_engines_at_once_meet_the_condition_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = Records.Id(round);
            await _one.CommitAsync(new ChangeSet(id)
            {
                Groups = [Records.Group(id, members: 64, needed: 64, failuresAllowed: 64)],
                Activities = [.. Enumerable.Range(1, 64).Select(x => Records.Row(Member(id, x)))],
            });

            var results = await Task.WhenAll(Enumerable.Range(1, 64).Select(x => Task.Run(() => (x % 2 == 0 ? _one : _two).CommitAsync(Closing(id, x)))));

            Assert.Equal(63, results.Count(x => x == CommitResult.Committed));
            Assert.Single(results, CommitResult.CommittedAndMet);
        }

        static ActivityState Member(Guid id, int number) => Records.Activity(id, $"Score-{number}") with { GroupId = "Score-group-1" };

        static ChangeSet Closing(Guid id, int number) => new(id)
        {
            Activities = [Records.Row(Member(id, number) with { Status = ActivityStatus.Completed, ClosedAt = Records.Now }, version: 1)],
            Closings = [new GroupClosing("Score-group-1", 1, 0)],
        };
    }

    [Fact]
    [Trait("Req", "REL-R17")]
    public async Task One_start_that_comes_to_both_engines_at_once_makes_one_workflow()
    {
        for (var i = 0; i < 50; i++)
        {
            var start = Records.Start(Records.Id(i));

            var results = await Task.WhenAll(_one.CommitAsync(start), _two.CommitAsync(start));

            Assert.Equal([CommitResult.Committed, CommitResult.Duplicate], results.Order());
            Assert.Equal(2, (await _one.HistoryAsync(start.WorkflowId)).Count);
        }
    }

    [Fact]
    public async Task No_ring_goes_to_two_engines()
    {
        await _one.Store.CommitAsync(
            [.. Enumerable.Range(0, 300).Select(i => new ChangeSet(Records.Id(i)) { Activities = [Records.Row(Records.Due(Records.Id(i), Records.Now))] })],
            default);

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(
            i => Task.Run(() => (i % 2 == 0 ? _one : _two).Alarms.ClaimDueAsync(Records.Now, Records.Now.AddSeconds(5), 50, default))));

        var rings = claims.SelectMany(x => x).Select(x => x.WorkflowId).ToList();
        Assert.Equal((300, 300), (rings.Count, rings.Distinct().Count()));
    }

    private static async Task IncrementAsync(PostgresStoreFixture engine, Guid id, int times)
    {
        var key = new LoadKey(id) { Workflow = true };
        for (var i = 0; i < times; i++)
        {
            // What the engine does: try, try again on fresh state, then run alone.
            if (await engine.CommitAsync(Incremented(await engine.LoadAsync(key))) == CommitResult.Conflict
                && await engine.CommitAsync(Incremented(await engine.LoadAsync(key))) == CommitResult.Conflict)
            {
                Assert.Equal(
                    CommitResult.Committed,
                    await engine.Store.RunLockedAsync(key, loaded => Task.FromResult<ChangeSet?>(Incremented(loaded)), default));
            }
        }

        static ChangeSet Incremented(Loaded loaded)
        {
            var count = int.Parse(loaded.Workflow!.Document, CultureInfo.InvariantCulture) + 1;
            return new ChangeSet(loaded.Workflow.Id)
            {
                Workflow = loaded.Workflow with { Document = $"{count}" },
                History = [Records.History(loaded.Workflow.Id, HistoryKind.EventReceived)],
            };
        }
    }

    private Task StartPairAsync(Guid id) => _one.CommitAsync(new ChangeSet(id)
    {
        Workflow = Records.Workflow(id),
        Activities = [Records.Row(Records.Activity(id, Left)), Records.Row(Records.Activity(id, Right))],
    });

    // Guarded by three rows at least, so that a change set could be half.
    private static async Task<ChangeSet> PairChangeAsync(PostgresStoreFixture engine, Guid id, Guid message, bool isStale)
    {
        var loaded = await engine.LoadAsync(new LoadKey(id) { Workflow = true, OpenActivities = true });
        var activities = loaded.OpenActivities.Where(x => x.State.Id is Left or Right).ToList();
        if (isStale)
        {
            // The last of the guards only: what stands before it must be taken back.
            activities[1] = activities[1] with { Version = activities[1].Version + 7 };
        }

        return new ChangeSet(id)
        {
            Inbox = Records.Inbox(id, message),
            Workflow = loaded.Workflow! with { State = $"{message}" },
            Activities = [.. activities, Records.Row(Records.Activity(id, $"New-{message}"))],
            History = [Records.History(id, HistoryKind.EventReceived)],
            Outgoing = [Records.Outgoing(message, id)],
        };
    }

    // How many change sets the workflow has seen: every table must say the same.
    private async Task<int> AssertWholeAsync(Guid id)
    {
        var changes = (await _one.FindAsync(id))!.Version - 1;
        var activities = (await _one.LoadAsync(new LoadKey(id) { OpenActivities = true })).OpenActivities;
        Assert.All(activities.Where(x => x.State.Id is Left or Right), x => Assert.Equal(changes + 1, x.Version));
        Assert.Equal(changes, activities.Count - 2);
        Assert.Equal(changes, (await _one.HistoryAsync(id)).Count);
        foreach (var table in new[] { "inbox", "outbox" })
        {
            Assert.Equal(changes, await _one.ReadAsync<long>($"select count(*) from {{0}}.{table} where workflow_id = '{id}'"));
        }

        return changes;
    }
}
