using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection.Testing;
using MassTransit.Saga;
using MassTransit.Testing;
using MassTransit.Testing.Implementations;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.Hosting;

/// <summary>Registers one workflow: as a saga of MassTransit, and as a definition of the engine.</summary>
internal static class WorkflowRegistration
{
    /// <summary>Marks the pipe that the engine pushes messages through itself: it has the saga, but no queue.</summary>
    public const string InlineSuffix = ".inline";

    public static void Add<TMachine, TInstance>(IServiceCollection services, string type)
        where TMachine : WorkflowStateMachine<TInstance>
        where TInstance : WorkflowInstance
    {
        services.RegisterSaga<TMachine, TInstance, WorkflowEndpointDefinition<TInstance>>();

        // The last registration counts: MassTransit's own would not tie the machine to its type and deployment.
        services.AddSingleton(provider => Create<TMachine, TInstance>(provider, type));
        services.AddSingleton(provider => new WorkflowDefinition<TInstance>(
            type, provider.GetRequiredService<TMachine>(), PipeOf<TInstance>(provider, type)));
        services.AddSingleton<WorkflowDefinition>(provider => provider.GetRequiredService<WorkflowDefinition<TInstance>>());
        services.AddSingleton<MachineRunner<TInstance>>();

        services.AddScoped<WorkflowRepository<TInstance>>();
        services.AddScoped<ISagaRepositoryContextFactory<TInstance>>(x => x.GetRequiredService<WorkflowRepository<TInstance>>());
        services.RegisterLoadSagaRepository<TInstance, WorkflowRepository<TInstance>>();
        services.RegisterQuerySagaRepository<TInstance, WorkflowRepository<TInstance>>();
        if (services.Any(x => x.ServiceType == typeof(ITestHarness)))
        {
            ShowToTestHarness<TMachine, TInstance>(services);
        }
    }

    // Under MassTransit's own test harness a workflow is looked at like any other saga; its AddSagaStateMachine would do the same.
    private static void ShowToTestHarness<TMachine, TInstance>(IServiceCollection services)
        where TMachine : WorkflowStateMachine<TInstance>
        where TInstance : WorkflowInstance
    {
        services.AddSingleton<ISagaRepositoryDecoratorRegistration<TInstance>, SagaContainerTestHarnessRegistration<TInstance>>();
        services.AddSingleton<ISagaStateMachineTestHarness<TMachine, TInstance>, RegistrationSagaStateMachineTestHarness<TMachine, TInstance>>();
        services.AddSingleton<ISagaTestHarness<TInstance>>(x => x.GetRequiredService<ISagaStateMachineTestHarness<TMachine, TInstance>>());
    }

    private static TMachine Create<TMachine, TInstance>(IServiceProvider provider, string type)
        where TMachine : WorkflowStateMachine<TInstance>
        where TInstance : WorkflowInstance
    {
        var machine = ActivatorUtilities.CreateInstance<TMachine>(provider);
        var start = machine.Start ?? throw new SagaFlowException(
            $"Workflow '{typeof(TMachine).Name}' says nothing that starts it. Add StartedBy(() => ..., x => x.BusinessKey(...)) to its constructor.");
        foreach (var activity in ((IWorkflowMachine)machine).Activities.Values)
        {
            ActivityOptionsValidator.ValidateDefinition(activity.Name, activity.CreateOptions());
        }

        var deployment = provider.GetRequiredService<BusNames>().Prefix;
        start.Attach(key => WireIds.Workflow(deployment, type, key));
        foreach (var signal in ((IWorkflowMachine)machine).Signals.Values)
        {
            signal.Attach(key => WireIds.Workflow(deployment, type, key));
        }

        return machine;
    }

    private static Lazy<IReceiveEndpointDispatcher> PipeOf<TInstance>(IServiceProvider provider, string type)
        where TInstance : WorkflowInstance =>
        new(() => provider.GetRequiredService<IReceiveEndpointDispatcherFactory>()
            .CreateSagaReceiver<TInstance>($"{provider.GetRequiredService<BusNames>().Workflow(type)}{InlineSuffix}"));
}
