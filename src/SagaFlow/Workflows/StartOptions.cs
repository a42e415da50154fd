namespace SagaFlow;

/// <summary>How a message starts a workflow.</summary>
public sealed class StartOptions<TMessage>
    where TMessage : class
{
    internal Func<TMessage, string>? KeySelector { get; private set; }

    internal Func<TMessage, TimeSpan?> TimeoutSelector { get; private set; } = _ => null;

    internal RetryOptions? RetryOptions { get; private set; }

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

    /// <summary>Lets a workflow that fails begin again from its start message, after a back-off. By default a failure is final.</summary>
    /// <remarks>
    /// <para>A run that fails, by <c>Fail</c>, by an outcome that nobody handles or by an exception of the workflow's own code, is closed:
    /// its open activities are canceled and their holders told to stop, its timers go, its state is thrown away. The next run has the
    /// same workflow id and business key; its activities' numbers go on. Signals that are kept stay, also
    /// one that the failed run's own code raised. One that is canceled or times out
    /// as a whole is not retried: <see cref="Timeout"/> spans all runs, and no run begins after it.</para>
    /// <para>The back-off is that of activities. Each failed run is a line of the history; what it did outside is not undone.</para>
    /// </remarks>
    /// <param name="configure">Sets <see cref="SagaFlow.RetryOptions.MaximumAttempts"/>, which is required: how many runs are made in all; and
    /// the waits between them. <see cref="SagaFlow.RetryOptions.NonRetryableTypes"/> names failures that are final.</param>
    public void Retry(Action<RetryOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        RetryOptions = new RetryOptions();
        configure(RetryOptions);
    }
}
