namespace SagaFlow.Testing;

/// <summary>Begins the configuration of a harness: with the workflow that is tested.</summary>
public sealed class SagaFlowHarnessBuilder
{
    private readonly HarnessSetup _setup = new();

    internal SagaFlowHarnessBuilder()
    {
    }

    /// <summary>Hosts the workflow that is tested: it is what <c>StartAsync</c> starts and what lambdas such as <c>x => x.Escalated</c> see.</summary>
    /// <param name="type">Its type's name, as in <see cref="SagaFlowBuilder.AddWorkflow{TMachine,TInstance}"/>.</param>
    /// <typeparam name="TMachine">The state machine.</typeparam>
    /// <typeparam name="TInstance">Its state.</typeparam>
    public SagaFlowHarnessBuilder<TMachine, TInstance> AddWorkflow<TMachine, TInstance>(string? type = null)
        where TMachine : WorkflowStateMachine<TInstance>
        where TInstance : WorkflowInstance
    {
        _setup.Workflows.Add(flow => flow.AddWorkflow<TMachine, TInstance>(type));
        return new SagaFlowHarnessBuilder<TMachine, TInstance>(_setup);
    }
}
