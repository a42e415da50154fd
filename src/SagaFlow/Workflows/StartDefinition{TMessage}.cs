using SagaFlow.Activities;
using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>The message that starts a workflow.</summary>
internal sealed class StartDefinition<TMessage> : StartDefinition
    where TMessage : class
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMilliseconds(WireLimits.DurationMs);

    private readonly Func<TMessage, string> _keySelector;
    private readonly Func<TMessage, TimeSpan?> _timeoutSelector;

    public StartDefinition(string eventName, StartOptions<TMessage> options)
        : base(eventName, typeof(TMessage))
    {
        _timeoutSelector = options.TimeoutSelector;
        _keySelector = options.KeySelector ?? throw new SagaFlowException(
            $"StartedBy '{eventName}' names no business key. Add x.BusinessKey(message => ...): it makes the start idempotent.");
        Retry = options.RetryOptions is { } retry ? PolicyOf(eventName, retry) : null;
    }

    public override RetryPolicy? Retry { get; }

    public override TimeSpan? TimeoutOf(object message)
    {
        var timeout = SelectTimeout((TMessage)message);
        return timeout is null || (timeout > TimeSpan.Zero && timeout <= LongestTimeout)
            ? timeout
            : throw new WorkflowTimeoutException($"The timeout {timeout} of '{EventName}' is not above zero and at most {LongestTimeout.TotalDays} days.");
    }

    public override string BusinessKeyOf(object message)
    {
        try
        {
            return Normalize(_keySelector((TMessage)message));
        }
        catch (Exception exception) when (exception is not BusinessKeyException)
        {
            throw new BusinessKeyException(Unreadable("business key", exception));
        }
    }

    private TimeSpan? SelectTimeout(TMessage message)
    {
        try
        {
            return _timeoutSelector(message);
        }
        catch (Exception exception)
        {
            throw new WorkflowTimeoutException(Unreadable("timeout", exception));
        }
    }

    // The author's words reach the sender, an exception of the runtime's does not: it would tell him nothing.
    private string Unreadable(string what, Exception exception) =>
        $"The {what} of '{EventName}' cannot be read: {PayloadProblem.SpokenBy(exception) ?? "a part of the message that leads to it is missing"}.";

    private static RetryPolicy PolicyOf(string eventName, RetryOptions retry)
    {
        string[] problems =
        [
            .. RetryOptionsValidator.Problems(retry),
            .. retry.MaximumAttempts is null ? ["Retry.MaximumAttempts is not set: say how many runs are made in all."] : Array.Empty<string>(),
        ];
        return problems.Length == 0
            ? RetryOptionsValidator.ToPolicy(retry)
            : throw new SagaFlowException($"The retries of '{eventName}' cannot be used. {string.Join(' ', problems)}");
    }
}
