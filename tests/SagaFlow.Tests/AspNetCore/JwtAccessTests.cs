using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.AspNetCore.Security;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Which JSON Web Tokens let their bearers call the endpoints about workflows.</summary>
public sealed class JwtAccessTests : IAsyncLifetime
{
    private const string ApiKey = "canary-Qm7+4kVt9mZw1Lk5Xr7Np2Bc4Df6Gh8S=";

    private static readonly RSA IssuersRsa = RSA.Create(2_048);
    private static readonly RSA StrangersRsa = RSA.Create(2_048);
    private static readonly ECDsa IssuersCurve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private static readonly byte[] Secret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    private readonly ManualTimeProvider _clock = new();
    private CallbackServer _server = null!;

    public async Task InitializeAsync() => _server = await CallbackServer.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddSagaFlow(flow => flow.UseSqlite(Path.Combine(Directory.CreateTempSubdirectory("sagaflow-test-").FullName, "flow.db")));
            services.AddSagaFlowHttp(http =>
            {
                http.ApiKeys["ops"] = ApiKey;
                (http.Jwt.Issuer, http.Jwt.Audience) = ("https://issuer.example", "flows");
                http.Jwt.Keys["rsa"] = IssuersRsa.ExportSubjectPublicKeyInfoPem();
                http.Jwt.Keys["curve"] = IssuersCurve.ExportSubjectPublicKeyInfoPem();
                http.Jwt.Keys["secret"] = Convert.ToBase64String(Secret);
            });
        },
        (app, _) => app.MapSagaFlowWorkflows());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("RS256", "rsa")]
    [InlineData("PS256", "rsa")]
    [InlineData("ES256", "curve")]
    [InlineData("HS256", "secret")]
    public async Task A_token_that_the_issuer_signed_lets_its_bearer_in(string algorithm, string key) =>
        Assert.Equal(HttpStatusCode.NotFound, await CallAsync(Token(algorithm, key)));

    [Theory]
    [InlineData("none", "rsa")]
    [InlineData("None", "rsa")]
    [InlineData("NONE", "secret")]
    [InlineData("HS256", "rsa")]
    [InlineData("HS256", "curve")]
    [InlineData("RS256", "curve")]
    [InlineData("ES256", "rsa")]
    [InlineData("RS256", "secret")]
    [InlineData("stranger", "rsa")]
    [InlineData("stranger", "unknown")]
    public async Task A_token_says_neither_by_which_algorithm_nor_with_whose_key_it_is_verified(string algorithm, string key) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(Token(algorithm, key)));

    [Theory]
    [InlineData("exp", -29, true)]
    [InlineData("exp", -30, false)]
    [InlineData("exp", -31, false)]
    [InlineData("nbf", 29, true)]
    [InlineData("nbf", 30, true)]
    [InlineData("nbf", 31, false)]
    public async Task A_token_is_good_from_its_first_to_its_last_instant_give_or_take_30_seconds(string claim, int seconds, bool isGood)
    {
        var token = Token("RS256", "rsa", claims => claims[claim] = _clock.GetUtcNow().ToUnixTimeSeconds() + seconds);

        Assert.Equal(isGood ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized, await CallAsync(token));
    }

    [Theory]
    [InlineData("exp", null)]
    [InlineData("iss", null)]
    [InlineData("iss", "https://issuer.example.evil")]
    [InlineData("aud", null)]
    [InlineData("aud", "others")]
    public async Task A_token_without_an_expiry_of_another_issuer_or_for_somebody_else_lets_nobody_in(string claim, string? value)
    {
        var token = Token("RS256", "rsa", claims =>
        {
            claims.Remove(claim);
            if (value is not null)
            {
                claims[claim] = value;
            }
        });

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(token));
    }

    [Fact]
    public async Task A_token_that_was_changed_cut_lengthened_or_brings_its_own_key_lets_nobody_in()
    {
        var good = Token("RS256", "rsa");
        var parts = good.Split('.');
        var other = Token("RS256", "rsa", claims => claims["sub"] = "root").Split('.');
        string[] bad =
        [
            $"{parts[0]}.{other[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", good[..^4], good + "." + parts[2], "x", "..",
            new string('a', 20_000), Token("stranger", "rsa", change: null, OwnKey),
        ];

        foreach (var token in bad)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(token));
        }
    }

    [Fact]
    public async Task A_bad_token_is_refused_in_the_words_of_a_missing_key_and_an_api_key_is_as_good_as_a_token()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/workflows/{Guid.Empty}");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Token("none", "rsa"));
        using var refused = await _server.Http.SendAsync(request);
        using var keyed = new HttpRequestMessage(HttpMethod.Get, $"/workflows/{Guid.Empty}");
        keyed.Headers.Add("X-Api-Key", ApiKey);
        using var taken = await _server.Http.SendAsync(keyed);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Contains("\"code\":\"unauthenticated\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.NotFound, taken.StatusCode);
    }

    [Theory]
    [InlineData("k", "not a key", "neither a public key in PEM nor a secret")]
    [InlineData("k", "", "is missing")]
    [InlineData("k", "c2hvcnQ=", "can be guessed")]
    [InlineData("k", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "is no public key")]
    [InlineData("k", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "belongs to the issuer alone")]
    [InlineData(null, null, "is not complete")]
    public void A_key_that_cannot_be_used_and_an_issuer_without_one_stop_the_start(string? id, string? key, string expected)
    {
        var options = new SagaFlowHttpOptions { Jwt = { Issuer = "https://issuer.example", Audience = "flows" } };
        if (id is not null)
        {
            options.Jwt.Keys[id] = key!;
        }

        Assert.Contains(expected, new HttpOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_rsa_key_a_missing_audience_and_a_wide_skew_stop_the_start()
    {
        using var small = RSA.Create(1_024);
        var options = new SagaFlowHttpOptions { Jwt = { Issuer = "https://issuer.example", ClockSkew = TimeSpan.FromMinutes(5) + TimeSpan.FromTicks(1) } };
        options.Jwt.Keys["small"] = small.ExportSubjectPublicKeyInfoPem();

        var told = new HttpOptionsValidator().Validate(null, options).FailureMessage;

        Assert.Contains("has only 1024 bits", told, StringComparison.Ordinal);
        Assert.Contains("is not complete", told, StringComparison.Ordinal);
        Assert.Contains("ClockSkew", told, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> CallAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/workflows/{Guid.Empty}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await _server.Http.SendAsync(request);
        return response.StatusCode;
    }

    private string Token(string algorithm, string key, Action<JsonObject>? change = null, Action<JsonObject>? header = null)
    {
        var head = new JsonObject { ["alg"] = algorithm == "stranger" ? "RS256" : algorithm, ["kid"] = key, ["typ"] = "JWT" };
        header?.Invoke(head);
        var claims = new JsonObject
        {
            ["iss"] = "https://issuer.example",
            ["aud"] = "flows",
            ["sub"] = "ann",
            ["exp"] = _clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
        };
        change?.Invoke(claims);
        var content = $"{Encode(Encoding.UTF8.GetBytes(head.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{content}.{Encode(Sign(algorithm, key, Encoding.UTF8.GetBytes(content)))}";
    }

    // With what an attacker has: a public key is as good as any secret to sign by HMAC with, if only the verifier takes it for one.
    private static byte[] Sign(string algorithm, string key, byte[] content) => algorithm switch
    {
        "HS256" when key == "rsa" => HMACSHA256.HashData(Encoding.UTF8.GetBytes(IssuersRsa.ExportSubjectPublicKeyInfoPem()), content),
        "HS256" when key == "curve" => HMACSHA256.HashData(IssuersCurve.ExportSubjectPublicKeyInfo(), content),
        "HS256" => HMACSHA256.HashData(Secret, content),
        "RS256" => IssuersRsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "PS256" => IssuersRsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        "ES256" => IssuersCurve.SignData(content, HashAlgorithmName.SHA256),
        "stranger" => StrangersRsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        _ => [],
    };

    private static void OwnKey(JsonObject header)
    {
        var key = StrangersRsa.ExportParameters(includePrivateParameters: false);
        header["jwk"] = new JsonObject { ["kty"] = "RSA", ["n"] = Encode(key.Modulus!), ["e"] = Encode(key.Exponent!) };
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
