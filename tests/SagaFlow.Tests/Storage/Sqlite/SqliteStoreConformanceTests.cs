using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public sealed class SqliteStoreConformanceTests : StoreConformance
{
    [Fact]
    public async Task Instants_are_kept_to_the_tick()
    {
        var id = Records.Id(1);
        var at = Records.Now.AddTicks(7);
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { DeadlineAt = at } });

        Assert.Equal(at, (await Flow.FindAsync(id))!.DeadlineAt);
    }

    [Fact]
    [Trait("Req", "REL-D10")]
    public async Task A_payload_that_holds_the_character_zero_is_kept()
    {
        var id = Records.Id(1);
        await Flow.CommitAsync(new ChangeSet(id) { Workflow = Records.Workflow(id) with { Document = "{\"text\":\"\u0000\"}" } });

        Assert.Equal("{\"text\":\"\u0000\"}", (await Flow.FindAsync(id))!.Document);
    }

    private protected override async Task<StoreFixture> CreateFixtureAsync() => await SqliteStoreFixture.CreateAsync();
}
