namespace SagaFlow.Tests.Storage;

public sealed class SqliteStoreConformanceTests : StoreConformance
{
    private protected override async Task<StoreFixture> CreateFixtureAsync() => await SqliteStoreFixture.CreateAsync();
}
