using SagaFlow.Activities;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task What_is_not_there_is_loaded_as_absent()
    {
        var key = new LoadKey(Records.Id(1)) { Workflow = true, ActivityId = "GetRoute-1", OpenActivities = true, Inbox = Records.Inbox(Records.Id(1), Records.Id(2)).Key };

        var loaded = await Flow.LoadAsync(key);

        Assert.Equivalent(new Loaded(key), loaded with { Now = null }, strict: true);
        Assert.Null(await Flow.Reader.FindWorkflowAsync(Records.Id(1), default));
        Assert.Empty(await Flow.Reader.ReadActivitiesAsync(Records.Id(1), default));
    }

    [Fact]
    public async Task The_latest_workflows_of_a_type_are_read_up_to_a_limit()
    {
        foreach (var number in new[] { 1, 2, 3 })
        {
            var workflow = Records.Workflow(Records.Id(number)) with { BusinessKey = $"key-{number}", CreatedAt = Records.Now.AddSeconds(number) };
            await Flow.CommitAsync(new ChangeSet(workflow.Id) { Workflow = workflow });
        }

        var latest = await Flow.Reader.ReadLatestAsync(Records.Workflow(Records.Id(1)).Type, 2, default);

        Assert.Equal([Records.Id(3), Records.Id(2)], latest.Select(workflow => workflow.Id));
        Assert.Empty(await Flow.Reader.ReadLatestAsync("other", 2, default));
    }

    [Fact]
    public async Task Answers_stand_in_the_order_of_the_keys()
    {
        await StartAsync(Records.Id(1));
        await StartAsync(Records.Id(2));

        var loaded = await Flow.Store.LoadAsync([Key(2), Key(3), Key(1), Key(2)], default);

        Assert.Equal([Records.Id(2), null, Records.Id(1), Records.Id(2)], loaded.Select(one => one.Workflow?.Id));

        static LoadKey Key(int i) => new(Records.Id(i)) { Workflow = true };
    }

    [Fact]
    public async Task Open_activities_are_those_that_are_not_closed_in_the_order_they_were_scheduled()
    {
        var id = Records.Id(1);
        var states = Enum.GetValues<ActivityStatus>().Select((status, i) => Records.Activity(id, $"Route-{20 - i}") with { Status = status });
        await Flow.CommitAsync(new ChangeSet(id) { Activities = [.. states.Select(state => Records.Row(state))] });

        var loaded = await Flow.LoadAsync(new LoadKey(id) { OpenActivities = true });
        var all = await Flow.Reader.ReadActivitiesAsync(id, default);

        Assert.Equal(["Route-20", "Route-19", "Route-18"], loaded.OpenActivities.Select(activity => activity.State.Id));
        Assert.Equal(["Route-20", "Route-19", "Route-18", "Route-17", "Route-16", "Route-15", "Route-14"], all.Select(activity => activity.Id));
    }

    [Fact]
    public async Task Open_activities_of_running_workflows_are_counted_with_and_without_a_deadline()
    {
        var (running, ended) = (Records.Id(1), Records.Id(2));
        var states = Enum.GetValues<ActivityStatus>().Select((status, i) => Records.Activity(running, $"Route-{i}") with { Status = status });
        await Flow.CommitAsync(new ChangeSet(running)
        {
            Workflow = Records.Workflow(running),
            Activities = [.. states.Append(Records.Due(running, Records.Now, "Due-1")).Select(state => Records.Row(state))],
        });
        await Flow.CommitAsync(new ChangeSet(ended)
        {
            Workflow = Records.Workflow(ended) with { Status = WorkflowStatus.Completed },
            Activities = [Records.Row(Records.Activity(ended) with { Status = ActivityStatus.Completed })],
        });

        Assert.Equal(4, await Flow.Reader.CountOpenActivitiesAsync(default));
    }

    [Fact]
    [Trait("Req", "D16")]
    public async Task History_is_read_in_pages_in_the_order_of_the_commits()
    {
        var id = Records.Id(1);
        for (var i = 0; i < 6; i++)
        {
            await Flow.CommitAsync(new ChangeSet(id) { History = [Records.History(id, data: $"{i}")] });
            await Flow.CommitAsync(new ChangeSet(Records.Id(2)) { History = [Records.History(Records.Id(2))] });
        }

        var first = await Flow.Reader.ReadHistoryAsync(id, 0, 4, default);
        var rest = await Flow.Reader.ReadHistoryAsync(id, first[^1].Sequence, 4, default);

        Assert.Equal(["0", "1", "2", "3"], first.Select(entry => entry.Data));
        Assert.Equal(["4", "5"], rest.Select(entry => entry.Data));
    }

    [Fact]
    public async Task Sequence_numbers_of_history_increase_also_behind_a_change_set_that_was_refused()
    {
        var id = Records.Id(1);
        await StartAsync(id);
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id), History = [Records.History(id)] });
        await Flow.CommitAsync(new ChangeSet(id) { History = [Records.History(id, HistoryKind.AttemptStarted)] });

        var history = await Flow.HistoryAsync(id);

        Assert.Equal(3, history.Count);
        Assert.Equal(history.Select(entry => entry.Sequence).Order().Distinct(), history.Select(entry => entry.Sequence));
        Assert.Equal(HistoryKind.AttemptStarted, history[^1].Kind);
    }

    [Fact]
    public async Task Running_workflows_are_counted_by_type_state_and_definition_version()
    {
        WorkflowRecord[] workflows =
        [
            Records.Workflow(Records.Id(1)), Records.Workflow(Records.Id(2)),
            Records.Workflow(Records.Id(3)) with { DefinitionVersion = 2 },
            Records.Workflow(Records.Id(4)) with { State = "Transmit.Pending" },
            Records.Workflow(Records.Id(5)) with { Type = "order" },
            Records.Workflow(Records.Id(6)) with { Status = WorkflowStatus.Completed },
        ];
        await Flow.Store.CommitAsync([.. workflows.Select(workflow => new ChangeSet(workflow.Id) { Workflow = workflow })], default);

        var counts = await Flow.Reader.CountRunningStatesAsync(default);

        Assert.Equal(
            [
                new StateCount("data-routing", "GetRoute.Pending", 1, 2),
                new StateCount("data-routing", "GetRoute.Pending", 2, 1),
                new StateCount("data-routing", "Transmit.Pending", 1, 1),
                new StateCount("order", "GetRoute.Pending", 1, 1),
            ],
            counts);
    }

    [Fact]
    [Trait("Req", "REL-D14")]
    public async Task Activities_that_nobody_started_are_read_page_by_page_without_gap_or_repeat()
    {
        for (var i = 0; i < 4; i++)
        {
            ActivityState[] states =
            [
                Records.Activity(Records.Id(i), "A-1"), Records.Activity(Records.Id(i), "B-1"),
                Records.Activity(Records.Id(i), "C-1") with { Status = ActivityStatus.Started },
            ];
            await Flow.CommitAsync(new ChangeSet(Records.Id(i)) { Activities = [.. states.Select(state => Records.Row(state))] });
        }

        var found = new List<(Guid, string)>();
        for (var page = await ReadAsync(null); page.Count > 0; page = await ReadAsync(found[^1]))
        {
            found.AddRange(page.Select(activity => (activity.State.WorkflowId, activity.State.Id)));
        }

        Assert.Equal(Enumerable.Range(0, 4).SelectMany(i => new[] { (Records.Id(i), "A-1"), (Records.Id(i), "B-1") }), found);

        Task<IReadOnlyList<ActivityRecord>> ReadAsync((Guid, string)? after) => Flow.Reader.ReadUnstartedAsync(after, 3, default);
    }

    [Fact]
    [Trait("Req", "P14")]
    public async Task Running_workflows_of_a_type_are_read_page_by_page_each_once()
    {
        for (var i = 0; i < 7; i++)
        {
            await Flow.CommitAsync(new ChangeSet(Records.Id(i)) { Workflow = Records.Workflow(Records.Id(i)) });
        }

        await Flow.CommitAsync(new ChangeSet(Records.Id(7)) { Workflow = Records.Workflow(Records.Id(7)) with { Status = WorkflowStatus.Failed } });
        await Flow.CommitAsync(new ChangeSet(Records.Id(8)) { Workflow = Records.Workflow(Records.Id(8)) with { Type = "other" } });
        var found = new List<Guid>();
        IReadOnlyList<Guid> page;
        do
        {
            page = await Flow.Reader.ReadRunningIdsAsync("data-routing", found.Count == 0 ? null : found[^1], 3, default);
            found.AddRange(page);
        }
        while (page.Count == 3);

        Assert.Equal(Enumerable.Range(0, 7).Select(Records.Id).Order(), found.Order());
    }

    [Fact]
    public async Task The_last_life_sign_of_any_engine_is_remembered()
    {
        var before = await Flow.Engines.LastAliveAsync(default);
        await Flow.Engines.SayAliveAsync("a", Records.Now.AddMicroseconds(2), default);
        await Flow.Engines.SayAliveAsync("b", Records.Now, default);
        await Flow.Engines.SayAliveAsync("b", Records.Now.AddMicroseconds(1), default);

        Assert.Null(before);
        Assert.Equal(Records.Now.AddMicroseconds(2), await Flow.Engines.LastAliveAsync(default));
    }

    [Fact]
    public async Task Preparing_a_prepared_database_changes_nothing()
    {
        await StartAsync(Records.Id(1));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Flow.Schema.PrepareAsync(default))));

        Assert.NotNull(await Flow.FindAsync(Records.Id(1)));
    }

    [Fact]
    public async Task A_document_of_the_largest_size_is_stored_and_one_byte_more_is_refused()
    {
        var id = Records.Id(1);
        var workflow = Records.Workflow(id) with { Document = new string('x', StorageLimits.Document - 2) + "ü" };

        var error = await Assert.ThrowsAsync<StorageLimitException>(
            () => Flow.CommitAsync(new ChangeSet(id) { Workflow = workflow with { Document = workflow.Document + "x" } }));
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = workflow });

        Assert.Contains($"has {StorageLimits.Document + 1} bytes; the limit is {StorageLimits.Document}", error.Message, StringComparison.Ordinal);
        Assert.Equal(workflow.Document, (await StoredAsync(id)).Document);
    }

    [Fact]
    public async Task A_payload_that_is_too_large_or_no_text_is_refused()
    {
        var activity = Records.Activity(Records.Id(1));

        await Assert.ThrowsAsync<StorageLimitException>(() => CommitAsync(activity with { Arguments = new string('x', StorageLimits.Payload + 1) }));
        await Assert.ThrowsAsync<StorageLimitException>(() => CommitAsync(activity with { Result = new string('x', StorageLimits.Payload + 1) }));
        await Assert.ThrowsAsync<StorageLimitException>(() => CommitAsync(activity with { Result = "\ud83d" }));
        Assert.Null(await Flow.FindAsync(activity.WorkflowId, activity.Id));

        Task CommitAsync(ActivityState state) => Flow.CommitAsync(new ChangeSet(state.WorkflowId) { Activities = [Records.Row(state)] });
    }
}
