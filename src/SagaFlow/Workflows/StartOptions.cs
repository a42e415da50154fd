namespace SagaFlow;

/// <summary>How a message starts a workflow.</summary>
public sealed class StartOptions<TMessage>
    where TMessage : class
{
    internal Func<TMessage, string>? KeySelector { get; private set; }

    internal Func<TMessage, TimeSpan?> TimeoutSelector { get; private set; } = _ => null;

    /// <summary>Says what names the work in the business's own words, such as an order number. One key, one workflow.</summary>
    /// <param name="selector">Reads the key, 1 to 255 characters without control characters; it is compared by ordinal after NFC normalization.</param>
    public void BusinessKey(Func<TMessage, string> selector) => KeySelector = selector;

    /// <summary>Limits the whole workflow, counted from its start: when the time has passed it ends as
    /// <see cref="WorkflowStatus.TimedOut"/>, and its open activities close with it.</summary>
    /// <remarks>Without it a workflow may run for as long as its activities' own deadlines let it. The state machine is not asked:
    /// what is to be undone first belongs into an activity's timeout.</remarks>
    /// <param name="selector">Reads the time from the start message: more than zero, at most ten years; <see langword="null"/> sets no
    /// limit. A start with any other time is refused.</param>
    public void Timeout(Func<TMessage, TimeSpan?> selector) => TimeoutSelector = selector;
}
