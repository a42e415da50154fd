using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Kestrel with the callbacks, and behind them whatever the test puts in the engine's place.</summary>
internal sealed class CallbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CallbackServer(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Http { get; }

    public Uri Address => Http.BaseAddress!;

    public IServiceProvider Services => _app.Services;

    public static Task<CallbackServer> StartAsync(
        Func<ActivityAnswer, CancellationToken, Task<Receipt>> take, CallbackLimits? limits = null, TimeProvider? time = null, ILoggerProvider? logs = null) =>
        StartAsync(_ => { }, (app, services) => CallbackRoutes.Map(app, "", new CallbackEndpoint(
            new Taker(take), limits ?? new CallbackLimits(), time ?? TimeProvider.System, services.GetRequiredService<ILogger<CallbackEndpoint>>())), logs);

    public static async Task<CallbackServer> StartAsync(
        Action<IServiceCollection> configure, Action<IEndpointRouteBuilder, IServiceProvider> map, ILoggerProvider? logs = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        configure(builder.Services);
        var app = builder.Build();
        map(app, app.Services);
        await app.StartAsync();
        return new CallbackServer(app);
    }

    public Task<HttpResponseMessage> PostAsync(string body, string path = "/activities/complete") =>
        Http.PostAsync(path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class Taker(Func<ActivityAnswer, CancellationToken, Task<Receipt>> take) : IAnswerTaker
    {
        public Task<Receipt> TakeAsync(ActivityAnswer answer, CancellationToken cancellationToken) => take(answer, cancellationToken);
    }
}
