namespace SagaFlow;

/// <summary>How a message of the author's finds the running workflow that it is for.</summary>
public sealed class SignalOptions<TMessage>
    where TMessage : class
{
    internal Func<TMessage, string>? KeySelector { get; private set; }

    internal Func<TMessage, Guid>? IdSelector { get; private set; }

    /// <summary>Finds the workflow by the business key that it was started with.</summary>
    /// <param name="selector">Reads the key; it is compared as <see cref="StartOptions{TMessage}.BusinessKey"/> says.</param>
    public void BusinessKey(Func<TMessage, string> selector) => KeySelector = selector;

    /// <summary>Finds the workflow by its id.</summary>
    /// <param name="selector">Reads the id.</param>
    public void WorkflowId(Func<TMessage, Guid> selector) => IdSelector = selector;
}
