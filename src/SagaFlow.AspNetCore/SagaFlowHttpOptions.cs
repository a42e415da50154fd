using System.ComponentModel.DataAnnotations;

namespace SagaFlow;

/// <summary>Who may call SagaFlow's HTTP endpoints, and how often: the configuration section <c>SagaFlow:Http</c>, or the delegate of
/// <c>AddSagaFlowHttp</c>.</summary>
public sealed class SagaFlowHttpOptions
{
    /// <summary>Gets the API keys that start, signal, cancel and query workflows, by the names of their holders. Each has at least 32
    /// characters, such as <c>openssl rand -base64 32</c> prints them, and comes in the header <c>X-Api-Key</c>.</summary>
    /// <remarks>To change a key without downtime, add the new one under another name, and remove the old one when nobody sends it any more.</remarks>
    public IDictionary<string, string> ApiKeys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets whose JSON Web Tokens may do the same.</summary>
    public SagaFlowJwtOptions Jwt { get; } = new();

    /// <summary>Gets the names of the application's own authentication schemes that may do the same too, such as <c>Bearer</c> after
    /// <c>AddJwtBearer()</c>. Whoever authenticates by one of them may call; add a policy to the mapped group to demand more.</summary>
    public IList<string> AuthenticationSchemes { get; } = [];

    /// <summary>Gets or sets whether anybody may start, signal, cancel and query workflows.</summary>
    /// <value>The default is <see langword="false"/>: without a key and a scheme the start is refused.</value>
    public bool AllowAnonymous { get; set; }

    /// <summary>Gets or sets how many calls are served at once, of callbacks and of calls about workflows each. One more gets a 503.</summary>
    /// <value>The default is 256.</value>
    [Range(1, 100_000)]
    public int ConcurrentCalls { get; set; } = 256;

    /// <summary>Gets or sets how many calls wait at once for the result of a workflow (<c>waitMs</c>). They do not count among
    /// <see cref="ConcurrentCalls"/>. One more gets a 503, unless the workflow has ended already.</summary>
    /// <value>The default is 1,000. One engine lets at most 2,000 callers wait, those of the bus included.</value>
    [Range(1, 100_000)]
    public int ConcurrentWaits { get; set; } = 1_000;

    /// <summary>Gets or sets how many heartbeats of one token are taken in a second, and at most twice as many at once. One more gets a 429.</summary>
    /// <value>The default is 10.</value>
    [Range(1, 100_000)]
    public int HeartbeatsPerSecond { get; set; } = 10;

    /// <summary>Gets or sets how many answers with a token that nobody signed get a receipt in a second for one caller's address, and at
    /// most twice as many at once. One more gets a 429 and its connection is closed; answers with genuine tokens are not counted.</summary>
    /// <value>The default is 100.</value>
    [Range(1, 1_000_000)]
    public int InvalidTokensPerSecond { get; set; } = 100;
}
