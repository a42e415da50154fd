using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>The races on SQLite, where the engines are as if in several processes.</summary>
public sealed class RaceTests : RaceSuite
{
    protected override int Rounds => 100;

    private protected override async Task<RaceField> CreateFieldAsync() =>
        new HarnessField(await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ReviewWorkflow, ReviewInstance>()));

    private sealed class HarnessField(SagaFlowHarness flow) : RaceField
    {
        protected override IServiceProvider Services => flow.Engine.Get<IServiceProvider>();

        public override SecondEngine NewEngine() => new(Services);

        public override Task AdvanceAsync(TimeSpan by)
        {
            flow.Engine.Clock.AdvanceTo(flow.Now + by);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync() => flow.DisposeAsync();
    }
}
