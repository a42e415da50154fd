namespace SagaFlow;

/// <summary>How a message starts a workflow.</summary>
public sealed class StartOptions<TMessage>
    where TMessage : class
{
    internal Func<TMessage, string>? KeySelector { get; private set; }

    /// <summary>Says what names the work in the business's own words, such as an order number. One key, one workflow.</summary>
    /// <param name="selector">Reads the key, 1 to 255 characters without control characters; it is compared by ordinal after NFC normalization.</param>
    public void BusinessKey(Func<TMessage, string> selector) => KeySelector = selector;
}
