using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.IntegrationTests.Network;
using SagaFlow.Tests;
using SagaFlow.Tokens;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>HTTP endpoints whose database is away.</summary>
public sealed class HttpOutageTests : IAsyncLifetime, IDisposable
{
    private const string Key = "Zq3+8sVt0mYw1Lk5Xr7Np2Bc4Df6Gh9J=";
    private readonly string _schema = PostgresServer.NewName();
    private readonly ChaosProxy _network = PostgresServer.NewNetwork();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private ServiceProvider _client = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<TicketWorkflow, TicketInstance>()
            .UsePostgres(PostgresServer.Over(_network), x => x.Schema = _schema)
            .UseTokenKeys(keys => keys.Keys["k1"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37))])));
        builder.Services.AddSagaFlowHttp(http => http.ApiKeys["ops"] = Key);
        _app = builder.Build();
        _app.MapSagaFlowCallbacks();
        _app.MapSagaFlowWorkflows();
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        _http.DefaultRequestHeaders.Add("X-Api-Key", Key);
        var services = new ServiceCollection().AddLogging();
        services.AddSagaFlowHttpClient(x => (x.BaseAddress, x.ApiKey) = (_http.BaseAddress, Key));
        _client = services.BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _network.DisposeAsync();
        await PostgresServer.DropSchemaAsync(_schema);
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    [Trait("Req", "REL-4.6-70")]
    [Trait("Req", "REL-D1")]
    [Trait("Req", "P9")]
    public async Task Everything_is_told_to_come_again_soon_and_a_client_that_does_is_served_once_the_database_is_back()
    {
        var (workflows, activities) = (_client.GetRequiredService<IWorkflowClient>(), _client.GetRequiredService<IActivityClient>());
        var id = (await workflows.StartAsync("ticket", new OpenTicket("H-1"))).WorkflowId!.Value;
        var token = _app.Services.GetRequiredService<TokenSigner>().Mint(
            new TokenClaims("sagaflow", "ticket", id, "Print-1", 1, TokenScopes.All, DateTimeOffset.UtcNow.AddHours(1))).Value;
        _network.GoDown();

        var began = Stopwatch.GetTimestamp();
        var refused = await Task.WhenAll(
            PostAsync("/workflows/ticket", """{"number":"H-2"}"""),
            PostAsync("/activities/complete", $$"""{"result":{"page":"p"},"taskToken":"{{token}}"}"""),
            PostAsync($"/workflows/{id}/cancel", "{}"),
            _http.GetAsync(new Uri($"/workflows/{id}", UriKind.Relative)));
        var took = Stopwatch.GetElapsedTime(began);
        var health = await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(x => x.Name == "sagaflow");
        var call = activities.CompleteAsync(token, new Printed("page of H-1"));
        Assert.False(call.IsCompleted);
        _network.ComeBack();
        var receipt = await call.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.All(refused, x => Assert.Equal((HttpStatusCode.ServiceUnavailable, true), (x.StatusCode, x.Headers.RetryAfter is not null)));
        Assert.True(took < TimeSpan.FromSeconds(15), $"It took {took}");
        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.True(receipt.Disposition is Disposition.Applied or Disposition.Duplicate, receipt.ToString());
        await Eventually.HoldsAsync(async () => (await workflows.QueryAsync(id)).State == "Approve.Pending" || (await workflows.QueryAsync(id)).Status == "Completed");
    }

    [Fact]
    [Trait("Req", "M8")]
    public async Task A_query_right_after_a_change_shows_it()
    {
        var workflows = _client.GetRequiredService<IWorkflowClient>();

        for (var i = 0; i < 200; i++)
        {
            var id = (await workflows.StartAsync("ticket", new OpenTicket($"R-{i}"))).WorkflowId!.Value;
            var started = await workflows.QueryAsync(id);
            await workflows.CancelAsync(id);
            var canceled = await workflows.QueryAsync(id);
            Assert.Equal(("Running", "Canceled"), (started.Status, canceled.Status));
        }
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
}
