namespace SagaFlow.Client;

/// <summary>How a process talks to an engine over HTTP.</summary>
/// <remarks>How long a call is tried is said by <see cref="SagaFlowClientOptions.ReceiptTimeout"/> and
/// <see cref="SagaFlowClientOptions.ResendInterval"/>; <see cref="SagaFlowClientOptions.Prefix"/> must be the engine's.</remarks>
public sealed class SagaFlowHttpClientOptions
{
    /// <summary>Gets or sets the address of a host that maps the callbacks and the workflows, with the prefix that it gave to both.</summary>
    /// <value>Required: an absolute address of <c>http</c> or <c>https</c>, without user, query and fragment.</value>
    public Uri? BaseAddress { get; set; }

    /// <summary>Gets or sets the key that starts, signals, cancels and queries workflows. Answers need none: their task token authorises them.</summary>
    /// <value>The default is <see langword="null"/>: none is sent.</value>
    public string? ApiKey { get; set; }

    /// <summary>Gets or sets what gives the token for <c>Authorization: Bearer</c> of calls about workflows, such as a JWT; asked for each call.</summary>
    /// <value>The default is <see langword="null"/>: none is sent.</value>
    public Func<CancellationToken, ValueTask<string>>? AccessToken { get; set; }
}
