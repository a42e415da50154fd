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
        if ((options.KeySelector is null) == (options.IdSelector is null))
        {
            throw new SagaFlowException(
                $"SignaledBy '{eventName}' must name one way to its workflow: x.BusinessKey(message => ...) or x.WorkflowId(message => ...).");
        }
    }

    public override Guid WorkflowIdOf(object message)
    {
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
