using SagaFlow.Contracts;

namespace SagaFlow.Testing;

/// <summary>A harness that knows which workflow is tested.</summary>
/// <typeparam name="TMachine">The tested workflow's state machine.</typeparam>
/// <typeparam name="TInstance">Its state.</typeparam>
public sealed class SagaFlowHarness<TMachine, TInstance> : SagaFlowHarness
    where TMachine : WorkflowStateMachine<TInstance>
    where TInstance : WorkflowInstance
{
    internal SagaFlowHarness(HarnessSetup setup, HarnessFolder folder, ActivityDesk desk, HarnessEngine engine)
        : base(setup, folder, desk, engine)
    {
    }

    /// <summary>Starts the tested workflow.</summary>
    /// <param name="message">The message that starts it.</param>
    /// <returns>The workflow, once everything that follows at this instant has happened. A repeated start gives the same
    /// workflow; its receipt says so.</returns>
    /// <exception cref="HarnessAssertionException">The start was refused: the message has no usable business key.</exception>
    public Task<WorkflowHandle<TMachine, TInstance>> StartAsync(object message) => StartAsync<TMachine, TInstance>(message);

    /// <summary>Finds a workflow of the tested type.</summary>
    /// <param name="businessKey">Its business key.</param>
    public WorkflowHandle<TMachine, TInstance> Workflow(string businessKey) => Workflow<TMachine, TInstance>(businessKey);

    /// <summary>Lets a mock stand in for an activity of the tested workflow; the last one of a name counts.</summary>
    /// <param name="activity">Which one, such as <c>x => x.GetRoute</c>.</param>
    public ActivityMock<TArguments, TResult> OnActivity<TArguments, TResult>(Func<TMachine, Activity<TArguments, TResult>> activity) =>
        OnActivity<TArguments, TResult>(activity(Engine.Get<TMachine>()).Name);
}
