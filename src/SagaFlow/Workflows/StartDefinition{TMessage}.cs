using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>The message that starts a workflow.</summary>
internal sealed class StartDefinition<TMessage> : StartDefinition
    where TMessage : class
{
    private readonly Func<TMessage, string> _keySelector;

    public StartDefinition(string eventName, StartOptions<TMessage> options)
        : base(eventName, typeof(TMessage))
    {
        _keySelector = options.KeySelector ?? throw new SagaFlowException(
            $"StartedBy '{eventName}' names no business key. Add x.BusinessKey(message => ...): it makes the start idempotent.");
    }

    public override string BusinessKeyOf(object message)
    {
        try
        {
            return Normalize(_keySelector((TMessage)message));
        }
        catch (Exception exception) when (exception is not BusinessKeyException)
        {
            throw new BusinessKeyException($"The business key of '{EventName}' cannot be read from the message: {exception.Message}");
        }
    }
}
