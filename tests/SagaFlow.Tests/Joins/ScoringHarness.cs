using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Hosting;
using SagaFlow.Storage.Sqlite;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Joins;

internal static class ScoringHarness
{
    public static ScoresAsked Ask(int items, int? first = null) => new("set-1", [.. Enumerable.Range(1, items).Select(x => $"item-{x}")], first);

    public static Task<SagaFlowHarness<ScoringWorkflow, ScoringInstance>> StartAsync(Action<string>? observe = null, int? members = null) =>
        SagaFlowHarness.StartAsync(x => x
            .AddWorkflow<ScoringWorkflow, ScoringInstance>()
            .ConfigureServices(services =>
            {
                if (observe is not null)
                {
                    services.AddSingleton(new StatementObserver(observe));
                }

                if (members is { } limit)
                {
                    services.AddSingleton(new EngineLimits { DeliveryHold = TimeSpan.Zero, FanOutMembers = limit });
                }
            }));
}
