using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Worker;

namespace SagaFlow.Testing;

/// <summary>What a harness is made of; a restart makes it again.</summary>
internal sealed class HarnessSetup
{
    public List<Action<SagaFlowBuilder>> Workflows { get; } = [];

    public List<Action<SagaFlowWorkerBuilder>> Handlers { get; } = [];

    public List<Action<IServiceCollection>> Services { get; } = [];

    public int? Seed { get; set; }
}
