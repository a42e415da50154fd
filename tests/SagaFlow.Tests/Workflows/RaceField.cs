using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Workflows;

/// <summary>One database with engines on it whose alarms, queues and workers are the test's: nothing happens by itself.</summary>
internal abstract class RaceField : IAsyncDisposable
{
    public const string ActivityId = "Review-1";

    /// <summary>Gets what one of the engines is made of.</summary>
    protected abstract IServiceProvider Services { get; }

    /// <summary>Makes one more engine.</summary>
    public abstract SecondEngine NewEngine();

    /// <summary>Moves the clock that decides about deadlines.</summary>
    public abstract Task AdvanceAsync(TimeSpan by);

    public abstract ValueTask DisposeAsync();

    public async Task<Guid> StartAsync(ReviewAsked asked)
    {
        var input = JsonSerializer.Serialize(asked, PayloadJson.Options);
        var started = await Get<StartIngress>().StartAsync("review", input, null, default);
        Assert.Equal(Disposition.Applied, started.Disposition);
        return started.WorkflowId!.Value;
    }

    /// <summary>The token of the first attempt.</summary>
    public string TokenOf(Guid workflowId) => Get<TokenSigner>().Mint(new TokenClaims(
        Get<BusNames>().Prefix, "review", workflowId, ActivityId, 1, TokenScopes.All, Get<TimeProvider>().GetUtcNow().AddDays(1))).Value;

    public async Task<ActivityState> ActivityAsync(Guid workflowId)
    {
        var loaded = await Get<IWorkflowStore>().LoadAsync([new LoadKey(workflowId) { ActivityId = ActivityId }], default);
        return loaded[0].Activity!.State;
    }

    public Task<WorkflowRecord?> FindAsync(Guid workflowId) => Get<IWorkflowReader>().FindWorkflowAsync(workflowId, default);

    public Task<IReadOnlyList<HistoryEvent>> HistoryAsync(Guid workflowId) => Get<IWorkflowReader>().ReadHistoryAsync(workflowId, 0, 100, default);

    private T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();
}
