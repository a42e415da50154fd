namespace SagaFlow;

/// <summary>Whose JSON Web Tokens (RFC 7519) start, signal, cancel and query workflows: the configuration section <c>SagaFlow:Http:Jwt</c>.</summary>
/// <remarks>A token comes as <c>Authorization: Bearer</c>, names this issuer and this audience, is signed with one of the keys and has an expiry. Keys
/// that an issuer publishes and changes are a matter of <c>AddJwtBearer</c>: name its scheme in <see cref="SagaFlowHttpOptions.AuthenticationSchemes"/>.</remarks>
public sealed class SagaFlowJwtOptions
{
    /// <summary>Gets or sets the issuer, which a token names as <c>iss</c>.</summary>
    /// <value>The default is <see langword="null"/>: no token is taken. Required with <see cref="Keys"/>.</value>
    public string? Issuer { get; set; }

    /// <summary>Gets or sets the audience, which a token names as <c>aud</c>.</summary>
    /// <value>The default is <see langword="null"/>. Required with <see cref="Keys"/>: a token for somebody else lets nobody in here.</value>
    public string? Audience { get; set; }

    /// <summary>Gets the issuer's keys by their ids, which a token names as <c>kid</c>: the public key in PEM (RSA of at least 2,048 bits, or an elliptic
    /// curve P-256, P-384 or P-521), or a shared secret of at least 32 bytes in base64.</summary>
    /// <remarks>The key decides by which algorithms it verifies: RS, PS, ES, or HS for a secret. To change a key without downtime, add the new one and
    /// remove the old one when its last token has expired.</remarks>
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gets or sets by how much the issuer's clock may differ from this one.</summary>
    /// <value>The default is 30 seconds; 0 to 5 minutes.</value>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    internal bool IsUsed => Keys.Count > 0 || Issuer is not null || Audience is not null;
}
