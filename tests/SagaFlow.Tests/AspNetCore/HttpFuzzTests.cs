using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Tokens and bodies made of chance and of good ones. <c>tests/run --fuzz 1000000</c> sends a million of each.</summary>
[Trait("Category", "Fuzz")]
public sealed class HttpFuzzTests : IAsyncLifetime, IDisposable
{
    private static readonly string[] Kinds = ["complete", "fail", "heartbeat", "started", "canceled", "released"];
    private static readonly int Count = Number("SAGAFLOW_FUZZ", 20_000);
    private static readonly int Seed = Number("SAGAFLOW_FUZZ_SEED", 20_260_101);

    private readonly TemporaryFolder _folder = new();
    private CallbackServer _server = null!;
    private Guid _workflowId;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _server = await CallbackServer.StartAsync(
            services =>
            {
                services.AddSagaFlow(flow => flow.AddWorkflow<PermitWorkflow, PermitInstance>().UseSqlite(_folder.File("flow.db")));
                services.AddSagaFlowHttp(http =>
                {
                    http.AllowAnonymous = true;
                    (http.HeartbeatsPerSecond, http.InvalidTokensPerSecond) = (100_000, 1_000_000);
                });
            },
            (app, _) =>
            {
                app.MapSagaFlowCallbacks();
                app.MapSagaFlowWorkflows();
            });
        var started = await _server.Services.GetRequiredService<StartIngress>().StartAsync("permit", """{"number":"F-1"}""", null, CancellationToken.None);
        _workflowId = started.WorkflowId!.Value;
        _token = _server.Services.GetRequiredService<TokenSigner>().Mint(new TokenClaims(
            "sagaflow", "permit", _workflowId, "Approve-1", 1, TokenScopes.All, DateTimeOffset.UtcNow.AddDays(1))).Value;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Req", "P5")]
    [Trait("Req", "REL-4.6-8")]
    public Task No_token_made_of_chance_is_taken_and_none_does_harm() => FuzzAsync((dice, fuzz) =>
    {
        var token = fuzz.Token(_token);
        var isHeader = dice.Next(2) == 0 && token.All(c => c is > ' ' and < '\u007f');
        var path = $"/activities/{Kinds[dice.Next(Kinds.Length)]}";
        const string Fields = """ "result":1,"failure":{"type":"t","message":"m"} """;
        return isHeader
            ? Request(path, Encoding.UTF8.GetBytes($"{{{Fields}}}"), token)
            : Request(path, Encoding.UTF8.GetBytes($"{{\"taskToken\":{System.Text.Json.JsonSerializer.Serialize(token)},{Fields}}}"));
    });

    [Fact]
    [Trait("Req", "REL-4.6-25")]
    [Trait("Req", "REL-D10")]
    public Task No_body_made_of_chance_is_taken_and_none_does_harm() => FuzzAsync((dice, fuzz) =>
    {
        var forged = _token[..^10] + "AAAAAAAAAA";
        var stranger = Guid.Parse("00000000-0000-4000-8000-000000000001");
        return dice.Next(4) switch
        {
            0 => Request("/workflows/nobody", fuzz.Body("""{"number":"F-2","limitMinutes":5}""")),
            1 => Request($"/workflows/{stranger}/signal", fuzz.Body("""{"event":"NoteAdded","message":{"text":"hm"}}""")),
            2 => Request($"/workflows/{stranger}/cancel", fuzz.Body("""{"reason":"r"}""")),
            _ => Request(
                $"/activities/{Kinds[dice.Next(Kinds.Length)]}",
                fuzz.Body($$"""{"taskToken":"{{forged}}","messageId":"m","sequence":1,"result":{"a":[1,2.5e3,"\u00e9"]},"failure":{"type":"t","message":"m","retryable":true},"checkpoint":null}""")),
        };
    });

    private async Task FuzzAsync(Func<Random, HttpFuzz, HttpRequestMessage> make)
    {
        var before = await SnapshotAsync();
        var statuses = new int[600];

        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
        {
            var dice = new Random(unchecked((Seed * 397) ^ i));
            using var request = make(dice, new HttpFuzz(dice));
            using var response = await _server.Http.SendAsync(request, cancellationToken);
            Interlocked.Increment(ref statuses[(int)response.StatusCode]);
            if ((int)response.StatusCode is < 400 or >= 500)
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                Assert.Fail($"Number {i} of seed {Seed} was answered with {(int)response.StatusCode}: {text}");
            }
        });

        Assert.Equal(Count, statuses.Sum());
        Assert.True(statuses[400] > Count / 10, "Hardly any was unreadable: the dice do not bite");
        Assert.Equal(before, await SnapshotAsync());
        using var good = await _server.Http.SendAsync(Request("/activities/complete", """{"result":"fine"}"""u8.ToArray(), _token));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    private async Task<string> SnapshotAsync()
    {
        var reader = _server.Services.GetRequiredService<IWorkflowReader>();
        var history = await reader.ReadHistoryAsync(_workflowId, 0, 1_000, default);
        return $"{await reader.FindWorkflowAsync(_workflowId, default)} {history.Count} {(await reader.ReadLatestAsync("permit", 10, default)).Count}";
    }

    private static HttpRequestMessage Request(string path, byte[] body, string? bearer = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        if (bearer is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {bearer}");
        }

        return request;
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
