using System.Text;
using System.Text.Json;
using Approval;
using Microsoft.AspNetCore.Builder;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Samples;

/// <summary>What the README types with curl.</summary>
public sealed class ApprovalTests : IAsyncLifetime, IDisposable
{
    private const string Key = "Zq3+8sVt0mYw1Lk5Xr7Np2Bc4Df6Gh9J=";
    private readonly TemporaryFolder _folder = new();
    private readonly TokenWriter _output = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _app = ApprovalHost.Build(["--urls", "http://127.0.0.1:0", "--SagaFlow:Http:ApiKeys:me", Key], _folder.File("approval.db"), _output);
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        _http.DefaultRequestHeaders.Add("X-Api-Key", Key);
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _output.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Req", "D3")]
    [Trait("Req", "E13")]
    public async Task An_approval_is_asked_for_decided_and_read_with_curl_alone()
    {
        var started = await CallAsync(HttpMethod.Post, "/workflows/approval", """{"number":"A-7","amount":120}""");
        var token = await _output.Token.WaitAsync(TimeSpan.FromSeconds(20));
        var answered = await CallAsync(HttpMethod.Post, "/activities/complete", """{"result":{"approved":true,"by":"Ann"}}""", token);
        var result = await CallAsync(HttpMethod.Get, $"/workflows/{started.GetProperty("workflowId")}/result?waitMs=10000");
        var health = await _http.GetStringAsync(new Uri("/health", UriKind.Relative));

        Assert.Equal("applied", answered.GetProperty("disposition").GetString());
        Assert.Equal("Ann", result.GetProperty("workflow").GetProperty("result").GetProperty("by").GetString());
        Assert.Equal("Healthy", health);
    }

    private async Task<JsonElement> CallAsync(HttpMethod method, string path, string? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Authorization = token is null ? null : new("Bearer", token);
        using var response = await _http.SendAsync(request);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Reads the token off the screen.</summary>
    private sealed class TokenWriter : StringWriter
    {
        private readonly TaskCompletionSource<string> _token = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Token => _token.Task;

        public override Task WriteLineAsync(string? value)
        {
            _token.TrySetResult(value!.Split("TASK_TOKEN=")[1]);
            return Task.CompletedTask;
        }
    }
}
