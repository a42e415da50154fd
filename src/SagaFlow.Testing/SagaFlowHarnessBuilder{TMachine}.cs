using Microsoft.Extensions.DependencyInjection;

namespace SagaFlow.Testing;

/// <summary>Says what a harness runs besides the workflow that is tested.</summary>
/// <typeparam name="TMachine">The tested workflow's state machine.</typeparam>
/// <typeparam name="TInstance">Its state.</typeparam>
public sealed class SagaFlowHarnessBuilder<TMachine, TInstance>
    where TMachine : WorkflowStateMachine<TInstance>
    where TInstance : WorkflowInstance
{
    internal SagaFlowHarnessBuilder(HarnessSetup setup) => Setup = setup;

    internal HarnessSetup Setup { get; }

    /// <summary>Hosts one more workflow, such as one that the tested workflow's messages start.</summary>
    /// <param name="type">Its type's name, as in <see cref="SagaFlowBuilder.AddWorkflow{TMachine,TInstance}"/>.</param>
    /// <typeparam name="TOther">The other state machine.</typeparam>
    /// <typeparam name="TOtherInstance">Its state.</typeparam>
    public SagaFlowHarnessBuilder<TMachine, TInstance> AddWorkflow<TOther, TOtherInstance>(string? type = null)
        where TOther : WorkflowStateMachine<TOtherInstance>
        where TOtherInstance : WorkflowInstance
    {
        Setup.Workflows.Add(flow => flow.AddWorkflow<TOther, TOtherInstance>(type));
        return this;
    }

    /// <summary>Runs an activity's real handler, on the harness's clock, unless a mock stands for the activity.</summary>
    /// <param name="activity">The activity's name; by default the type's name without <c>Handler</c>.</param>
    /// <param name="taskQueue">Where it takes its requests from.</param>
    /// <typeparam name="THandler">Implements <see cref="SagaFlow.Worker.IActivityHandler{TArguments,TResult}"/> once.</typeparam>
    public SagaFlowHarnessBuilder<TMachine, TInstance> AddHandler<THandler>(string? activity = null, string taskQueue = "default")
        where THandler : class
    {
        Setup.Handlers.Add(worker => worker.AddHandler<THandler>(activity).OnTaskQueue(taskQueue));
        return this;
    }

    /// <summary>Adds what handlers and workflows take from the container. Clock, dice and transport stay the harness's.</summary>
    public SagaFlowHarnessBuilder<TMachine, TInstance> ConfigureServices(Action<IServiceCollection> configure)
    {
        Setup.Services.Add(configure);
        return this;
    }

    /// <summary>Spreads the waits between attempts at random, the same for the same seed. Without it there is no jitter.</summary>
    public SagaFlowHarnessBuilder<TMachine, TInstance> Seed(int seed)
    {
        Setup.Seed = seed;
        return this;
    }
}
