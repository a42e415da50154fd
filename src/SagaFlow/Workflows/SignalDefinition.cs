namespace SagaFlow.Workflows;

/// <summary>A message of the author's that a running workflow takes, without its type.</summary>
internal abstract class SignalDefinition(string eventName, Type messageType)
{
    private Func<string, Guid>? _workflowIdOfKey;

    public string EventName { get; } = eventName;

    public Type MessageType { get; } = messageType;

    /// <summary>Whether one message is for every running workflow.</summary>
    public abstract bool IsForAll { get; }

    /// <summary>Ties the definition to a deployment and a workflow type; called once, when the workflow is registered.</summary>
    public void Attach(Func<string, Guid> workflowIdOfKey) => _workflowIdOfKey = workflowIdOfKey;

    /// <summary>Reads from a message which workflow it is for.</summary>
    /// <exception cref="BusinessKeyException">The key is missing, too long or holds a control character.</exception>
    public abstract Guid WorkflowIdOf(object message);

    /// <summary>Says which workflow a message on the workflow's queue is for, also when it is to be refused.</summary>
    public Guid CorrelationIdOf(object message)
    {
        try
        {
            return WorkflowIdOf(message);
        }
        catch (BusinessKeyException)
        {
            return StartDefinition.NoWorkflow;
        }
    }

    protected Guid WorkflowIdOfKey(string? key) =>
        (_workflowIdOfKey ?? throw new InvalidOperationException("The workflow is not registered with AddWorkflow."))(StartDefinition.Normalize(key));
}
