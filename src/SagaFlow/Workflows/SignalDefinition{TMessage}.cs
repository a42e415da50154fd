using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>A message of the author's that a running workflow takes.</summary>
internal sealed class SignalDefinition<TMessage> : SignalDefinition
    where TMessage : class
{
    private readonly SignalOptions<TMessage> _options;

    public SignalDefinition(string eventName, SignalOptions<TMessage> options)
        : base(eventName, typeof(TMessage))
    {
        _options = options;
        bool[] ways = [options.KeySelector is not null, options.IdSelector is not null, options.IsForAll];
        if (ways.Count(x => x) != 1)
        {
            throw new SagaFlowException(
                $"SignaledBy '{eventName}' must name one way to its workflow: x.BusinessKey(message => ...), x.WorkflowId(message => ...) or x.ForAll().");
        }
    }

    public override bool IsForAll => _options.IsForAll;

    public override Guid WorkflowIdOf(object message)
    {
        if (IsForAll)
        {
            return StartDefinition.NoWorkflow;
        }

        try
        {
            return _options.IdSelector is { } id ? id((TMessage)message) : WorkflowIdOfKey(_options.KeySelector!((TMessage)message));
        }
        catch (NullReferenceException)
        {
            throw new BusinessKeyException($"The workflow that '{EventName}' is for cannot be read: a part of the message that leads to it is missing.");
        }
    }
}
