namespace SagaFlow;

/// <summary>How a message of the author's finds the running workflow that it is for.</summary>
public sealed class SignalOptions<TMessage>
    where TMessage : class
{
    internal Func<TMessage, string>? KeySelector { get; private set; }

    internal Func<TMessage, Guid>? IdSelector { get; private set; }

    internal bool IsForAll { get; private set; }

    /// <summary>Gives the message, published once on the bus, to every workflow of this type that runs then: one message for each, each
    /// applied at most once. A client may still send it to one of them, by its key or id.</summary>
    /// <remarks>One that starts while the message is given out may get it or not. In each, the message is handled, kept or ignored as
    /// its state says.</remarks>
    public void ForAll() => IsForAll = true;

    /// <summary>Finds the workflow by the business key that it was started with.</summary>
    /// <param name="selector">Reads the key; it is compared as <see cref="StartOptions{TMessage}.BusinessKey"/> says.</param>
    public void BusinessKey(Func<TMessage, string> selector) => KeySelector = selector;

    /// <summary>Finds the workflow by its id.</summary>
    /// <param name="selector">Reads the id.</param>
    public void WorkflowId(Func<TMessage, Guid> selector) => IdSelector = selector;
}
