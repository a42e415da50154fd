namespace SagaFlow.Client;

/// <summary>How a process talks to a SagaFlow deployment. Client, worker and engine of one process share these options.</summary>
public sealed class SagaFlowClientOptions
{
    /// <summary>Gets or sets the prefix of every name on the broker; it is the id of the deployment as well.</summary>
    /// <value>The default is <c>sagaflow</c>. It takes 1 to 32 characters of <c>a</c> to <c>z</c>, <c>0</c> to <c>9</c>, <c>_</c> and <c>-</c>.</value>
    public string Prefix { get; set; } = "sagaflow";

    /// <summary>Gets or sets how long a call waits for its receipt.</summary>
    /// <value>The default is 30 seconds. It must be longer than <see cref="ResendInterval"/>.</value>
    /// <remarks>A call that ends without a receipt may have been applied; the engine drops the repeated message.</remarks>
    public TimeSpan ReceiptTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long a call waits before it sends the same message again, with the same id.</summary>
    /// <value>The default is 5 seconds.</value>
    public TimeSpan ResendInterval { get; set; } = TimeSpan.FromSeconds(5);
}
