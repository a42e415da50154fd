using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SagaFlow.AspNetCore.Security;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Who may call the endpoints about workflows.</summary>
[Collection(CallbackCollection.Name)]
public sealed class WorkflowAccessTests(CallbackHost host)
{
    private const string Key = "canary-Qm7+4kVt9mZw1Lk5Xr7Np2Bc4Df6Gh8S=";

    public static TheoryData<string, string> Calls()
    {
        var calls = new TheoryData<string, string>();
        foreach (var path in new[] { "", "/result", "/history", "/activities" })
        {
            calls.Add("GET", path);
        }

        calls.Add("POST", "/signal");
        calls.Add("POST", "/cancel");
        calls.Add("POST", "");
        calls.Add("DELETE", "");
        calls.Add("OPTIONS", "/cancel");
        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Nobody_calls_without_a_key_with_a_wrong_one_or_with_a_task_token(string method, string path)
    {
        var id = await host.StartAsync();
        var token = await host.TokenAsync(id);
        var before = await host.SnapshotAsync(id);

        foreach (var key in new[] { null, "", "wrong", CallbackHost.ApiKey[..^1], CallbackHost.ApiKey + "=", CallbackHost.ApiKey.ToUpperInvariant(), token })
        {
            var told = await host.CallAsync(method, $"/workflows/{id}{path}", method == "POST" ? """{"message":{}}""" : null, key);
            Assert.Equal((401, "unauthenticated"), (told.Status, told.Body.Text("code")));
            Assert.Null(told.Body.Text("disposition"));
        }

        Assert.Equal(before, await host.SnapshotAsync(id));
        await host.ShouldBeWellAsync();
    }

    [Fact]
    [Trait("Req", "REL-4.6-54")]
    public async Task Two_keys_are_refused_although_both_are_right()
    {
        var response = await RawHttp.CallAsync(host.Address,
            $"GET /workflows/{Guid.Empty} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Api-Key: {CallbackHost.ApiKey}\r\nX-Api-Key: {CallbackHost.ApiKey}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401 ", response, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", response, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: SagaFlowApiKey", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_holder_has_a_key_and_a_scheme_of_the_applications_lets_others_in()
    {
        await using var server = await StartAsync(http =>
        {
            http.ApiKeys["ops"] = Key;
            http.AuthenticationSchemes.Add("Bearer");
        });

        var byKey = await StatusAsync(server, ("X-Api-Key", Key));
        var byToken = await StatusAsync(server, ("Authorization", "Bearer a-good-jwt"));
        var byBadToken = await StatusAsync(server, ("Authorization", "Bearer forged"));
        var byNothing = await StatusAsync(server);

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], [byKey, byToken, byBadToken, byNothing]);
    }

    [Fact]
    public async Task A_policy_of_the_applications_can_demand_more_than_a_key()
    {
        await using var server = await StartAsync(
            http => http.ApiKeys["reader"] = Key,
            group => group.RequireAuthorization(policy => policy.RequireClaim(ClaimTypes.Name, "ops")));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/workflows/{Guid.Empty}");
        request.Headers.Add("X-Api-Key", Key);
        using var response = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("\"code\":\"not_allowed\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_lets_nobody_in_although_the_application_takes_it_elsewhere()
    {
        await using var server = await StartAsync(http => http.ApiKeys["ops"] = Key);
        using var login = await server.Http.GetAsync(new Uri("/login", UriKind.Relative));
        var cookie = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(server, ("Cookie", cookie)));
    }

    [Fact]
    public async Task Everybody_is_let_in_where_the_application_says_so()
    {
        await using var server = await StartAsync(http => http.AllowAnonymous = true);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(server));
    }

    [Theory]
    [InlineData(null, "neither an API key nor an authentication scheme")]
    [InlineData("", "is missing")]
    [InlineData("canary-short", "has only 12 characters")]
    [InlineData("canarycanarycanarycanarycanarycanary", "repeats a few characters only")]
    [InlineData("canary 9+4kVt9mZw1Lk5Xr7Np2Bc4Df6Gh8S=", "no header can carry")]
    [InlineData("sagaflow-sample-canary-key-of-the-compose-file", "key of a sample")]
    public void A_key_that_is_missing_short_guessable_or_a_samples_stops_the_start_and_is_not_shown(string? key, string expected)
    {
        var options = new SagaFlowHttpOptions();
        if (key is not null)
        {
            options.ApiKeys["ops"] = key;
        }

        var result = new HttpOptionsValidator().Validate(null, options);

        Assert.Contains(expected, result.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void One_key_for_two_holders_is_refused()
    {
        var options = new SagaFlowHttpOptions { ApiKeys = { ["ops"] = Key, ["ui"] = Key } };

        Assert.True(new HttpOptionsValidator().Validate(null, options).Failed);
    }

    [Fact]
    public async Task Mapping_without_saying_who_may_call_is_refused()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<SagaFlowException>(() => app.MapSagaFlowWorkflows());

        Assert.Contains("AddSagaFlowHttp", exception.Message, StringComparison.Ordinal);
    }

    private static Task<CallbackServer> StartAsync(Action<SagaFlowHttpOptions> configure, Action<IEndpointConventionBuilder>? more = null) =>
        CallbackServer.StartAsync(
            services =>
            {
                services.AddSagaFlow(flow => flow.UseSqlite(Path.Combine(Directory.CreateTempSubdirectory("sagaflow-test-").FullName, "flow.db")));
                services.AddSagaFlowHttp(configure);
                services.AddAuthentication()
                    .AddCookie(CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddScheme<AuthenticationSchemeOptions, GoodTokenHandler>("Bearer", null);
            },
            (app, _) =>
            {
                var group = app.MapSagaFlowWorkflows();
                more?.Invoke(group);
                ((WebApplication)app).MapGet("/login", http => http.SignInAsync(
                    CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")], "password"))));
            });

    private static async Task<HttpStatusCode> StatusAsync(CallbackServer server, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/workflows/{Guid.Empty}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await server.Http.SendAsync(request);
        return response.StatusCode;
    }

    /// <summary>Stands for any scheme that checks a bearer token, such as that of JWTs.</summary>
    private sealed class GoodTokenHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers.Authorization.ToString() == "Bearer a-good-jwt"
                ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")], "Bearer")), "Bearer"))
                : AuthenticateResult.NoResult());
    }
}
