using SagaFlow.Storage;
using SagaFlow.Tests.Storage;

namespace SagaFlow.IntegrationTests.Postgres;

public sealed class PostgresStoreConformanceTests : StoreConformance
{
    [Fact]
    public async Task Instants_are_kept_to_the_microsecond_whatever_their_offset()
    {
        var id = Records.Id(1);
        var at = Records.Now.ToOffset(TimeSpan.FromHours(5)).AddTicks(7);
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { DeadlineAt = at } });

        Assert.Equal(Records.Now, (await Flow.FindAsync(id))!.DeadlineAt);
    }

    [Fact]
    [Trait("Req", "REL-D10")]
    public async Task A_payload_that_holds_the_character_zero_is_refused_by_name_and_harms_nobody()
    {
        var id = Records.Id(1);
        var bad = new ChangeSet(id) { Workflow = Records.Workflow(id) with { Document = "{\"text\":\"\u0000\"}" } };

        var error = await Assert.ThrowsAsync<StorageLimitException>(() => Flow.CommitAsync(bad));

        Assert.Contains("U+0000", error.Message, StringComparison.Ordinal);
        Assert.Equal(CommitResult.Committed, await Flow.CommitAsync(Records.Start(id)));
    }

    [Fact]
    [Trait("Req", "REL-D10")]
    public async Task A_reason_for_people_is_kept_with_what_is_no_text_replaced()
    {
        var id = Records.Id(1);
        var activity = Records.Activity(id) with { CancelRequested = true, CancelReason = "a\0b\ud83dc" };

        await Flow.CommitAsync(new ChangeSet(id) { Activities = [Records.Row(activity)] });

        Assert.Equal("a\uFFFDb\uFFFDc", (await Flow.FindAsync(id, activity.Id))!.State.CancelReason);
    }

    private protected override async Task<StoreFixture> CreateFixtureAsync() => await PostgresStoreFixture.CreateAsync();
}
