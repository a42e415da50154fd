using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Activities;
using SagaFlow.AspNetCore.Callbacks;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Tests.Client.Bus;
using SagaFlow.Tests.Ingress;
using SagaFlow.Tests.Storage;
using SagaFlow.Timeouts;
using SagaFlow.Tokens;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>An embedded engine behind real Kestrel, a clock that stands, and a stranger who keeps the tokens of all requests.</summary>
public sealed class CallbackHost : IAsyncLifetime, IDisposable, ICommitListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentDictionary<(Guid, string, int), TaskCompletionSource<ActivityRequest>> _requests = [];
    private readonly ConcurrentDictionary<(Guid, string, ActivityStatus), TaskCompletionSource> _statuses = [];
    private readonly List<Inbox> _deadLetters = [];
    private WebApplication _app = null!;
    private Inbox _replies = null!;
    private int _started;

    /// <summary>What the holder "ops" sends as X-Api-Key.</summary>
    internal const string ApiKey = "canary-Zq3+8sVt0mYw1Lk5Xr7Np2Bc4Df6Gh9J=";

    /// <summary>What a test wants to be different.</summary>
    internal Action<IServiceCollection> Configure { get; init; } = _ => { };

    internal ManualTimeProvider Clock { get; } = new();

    internal LogCapture Logs { get; } = new();

    internal string DatabaseFile => _folder.File("flow.db");

    internal Uri Address { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(Logs);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<PermitWorkflow, PermitInstance>().AddWorkflow<PacketWorkflow, PacketInstance>().UseSqlite(_folder.File("flow.db")));
        builder.Services.AddSingleton<ICommitListener>(this);

        // The clock jumps by hours here: a living engine would take that for a silence, and give deadlines their grace.
        builder.Services.Remove(builder.Services.Single(x => x.ImplementationType == typeof(AliveSaying)));
        builder.Services.AddSingleton(new EngineLimits { KeptMessages = 3 });
        builder.Services.AddSagaFlowHttp(http =>
        {
            http.ApiKeys["ops"] = ApiKey;
            http.InvalidTokensPerSecond = 1_000_000;    // the tests are many callers at one address
        });
        Configure(builder.Services);
        _app = builder.Build();
        _app.MapSagaFlowCallbacks();
        _app.MapSagaFlowWorkflows();
        _app.MapSagaFlowOpenApi();
        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        Http = new HttpClient { BaseAddress = Address };
        await ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public void Dispose()
    {
        Http.Dispose();
        Logs.Dispose();
        _folder.Dispose();
    }

    void ICommitListener.OnCommitted(ChangeSet changes)
    {
        foreach (var activity in changes.Activities)
        {
            Reached(changes.WorkflowId, activity.State.Id, activity.State.Status).TrySetResult();
        }
    }

    internal T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Starts a permit's workflow, both of whose activities are then with the stranger.</summary>
    internal async Task<Guid> StartAsync()
    {
        var number = $"P-{Interlocked.Increment(ref _started)}";
        var receipt = await Get<StartIngress>().StartAsync("permit", $$"""{"number":"{{number}}"}""", null, CancellationToken.None);
        Assert.Equal(Disposition.Applied, receipt.Disposition);
        return receipt.WorkflowId!.Value;
    }

    /// <summary>The token of an attempt, once its request has come.</summary>
    internal async Task<string> TokenAsync(Guid workflowId, string activityId = "Approve-1", int attempt = 1) =>
        (await RequestAsync(workflowId, activityId, attempt)).TaskToken;

    internal Task<ActivityRequest> RequestAsync(Guid workflowId, string activityId, int attempt = 1) =>
        Request(workflowId, activityId, attempt).Task.WaitAsync(Patience);

    internal Task ReachedAsync(Guid workflowId, string activityId, ActivityStatus status) =>
        Reached(workflowId, activityId, status).Task.WaitAsync(Patience);

    /// <summary>Mints what the engine would never hand out.</summary>
    internal string Mint(Guid workflowId, Func<TokenClaims, TokenClaims> change) => Get<TokenSigner>().Mint(change(new TokenClaims(
        "sagaflow", "permit", workflowId, "Approve-1", 1, TokenScopes.All, Clock.GetUtcNow().AddDays(1)))).Value;

    /// <summary>Moves the clock and rings what is due then.</summary>
    internal async Task AdvanceAsync(TimeSpan duration)
    {
        Clock.Advance(duration);
        await Get<DueSweep>().RunAsync(CancellationToken.None);
    }

    /// <summary>Moves the clock on until something that waits for it has ended.</summary>
    internal async Task<T> AdvanceUntilAsync<T>(Task<T> waiting)
    {
        while (await Task.WhenAny(waiting, Clock.TimerWithinAsync(TimeSpan.FromSeconds(5))) != waiting)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await waiting;
    }

    /// <summary>Everything that is stored of a workflow, to be compared.</summary>
    internal async Task<string> SnapshotAsync(Guid workflowId)
    {
        var reader = Get<IWorkflowReader>();
        return JsonSerializer.Serialize(new object?[]
        {
            await reader.FindWorkflowAsync(workflowId, default),
            await reader.ReadActivitiesAsync(workflowId, default),
            await reader.ReadHistoryAsync(workflowId, 0, 1_000, default),
        });
    }

    internal async Task<ActivityState> ActivityAsync(Guid workflowId, string activityId = "Approve-1") =>
        (await Get<IWorkflowReader>().ReadActivitiesAsync(workflowId, default)).Single(x => x.Id == activityId);

    internal async Task<WorkflowRecord> WorkflowAsync(Guid workflowId) => (await Get<IWorkflowReader>().FindWorkflowAsync(workflowId, default))!;

    internal Task<Told> TellAsync(string road, AnswerKind kind, byte[] body) => road == "http" ? PostAsync(kind, body) : SendAsync(body);

    /// <summary>Posts a body as a foreign service would.</summary>
    internal async Task<Told> PostAsync(AnswerKind kind, byte[] body, string? bearer = null, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, kind.ToCallbackPath()) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsByteArrayAsync();
        Assert.DoesNotMatch(@"sf\d\.[\w-]+\.[\w-]{8}|canary", System.Text.Encoding.UTF8.GetString(text));
        var code = JsonElement.Parse(text).TryGetProperty("code", out var value) ? value.GetString() : null;
        Assert.Equal(code is null ? "application/json" : "application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return new Told(WireJson.TryReadReceipt(text, out var receipt, out _) ? receipt : null, (int)response.StatusCode, code);
    }

    /// <summary>Sends a body to the queue of answers and waits for its receipt.</summary>
    internal async Task<Told> SendAsync(byte[] body, Func<RawMessage, RawMessage>? change = null)
    {
        var before = await QuarantinedAsync();
        var message = new RawMessage { Body = body, ReplyTo = "stranger", CorrelationId = "17" };
        await Get<IRawBus>().SendAsync("sagaflow.answers", change?.Invoke(message) ?? message, CancellationToken.None);
        var reply = await _replies.NextAsync();
        Assert.Equal("17", reply.CorrelationId);
        Assert.True(WireJson.TryReadReceipt(reply.Body, out var receipt, out _));
        var aside = (await QuarantinedAsync()).Except(before).SingleOrDefault();
        return new Told(receipt, receipt.Disposition.ToHttpStatus(), aside?.Reason.Split(':')[0]);
    }

    /// <summary>Asks at the control queue and waits for the reply.</summary>
    internal async Task<JsonElement> AskAsync(string json) => JsonElement.Parse((await TellRawAsync("sagaflow.control", json)).Body.Span);

    /// <summary>Sends to a queue of the deployment and waits for what comes back.</summary>
    internal async Task<RawMessage> TellRawAsync(string queue, string json)
    {
        var message = new RawMessage { Body = System.Text.Encoding.UTF8.GetBytes(json), ReplyTo = "stranger", CorrelationId = "18" };
        await Get<IRawBus>().SendAsync(queue, message, CancellationToken.None);
        var reply = await _replies.NextAsync();
        Assert.Equal("18", reply.CorrelationId);
        return reply;
    }

    internal async Task<IReadOnlyList<QuarantinedMessage>> QuarantinedAsync() =>
        [.. (await Get<IQuarantine>().ReadAsync(10_000, default)).Select(x => x with { Body = [], Original = null })];

    /// <summary>Looks whether anything bad was left behind, and whether the engine still takes a good answer.</summary>
    internal async Task ShouldBeWellAsync()
    {
        var workflowId = await StartAsync();
        var told = await PostAsync(AnswerKind.Completed, """{"result":"fine"}"""u8.ToArray(), await TokenAsync(workflowId));

        Assert.Equal(Disposition.Applied, told.Disposition);
        Assert.Equal("\"fine\"", (await WorkflowAsync(workflowId)).Result);
        Assert.All(_deadLetters, x => Assert.True(x.IsEmpty));
        Assert.Empty(Logs.LinesWithSecrets());
        Assert.All(await Get<IQuarantine>().ReadAsync(10_000, default), x => Assert.DoesNotMatch(@"sf\d\.[\w-]+\.[\w-]{8}", System.Text.Encoding.Latin1.GetString(x.Body)));
    }

    private async Task ConnectAsync()
    {
        _replies = await InboxAsync("stranger");
        foreach (var queue in new[] { "sagaflow.answers_error", "sagaflow.answers_skipped", "sagaflow.timers_error", "sagaflow.timers_skipped" })
        {
            _deadLetters.Add(await InboxAsync(queue));
        }

        var handle = Get<IBus>().ConnectReceiveEndpoint("sagaflow.tasks.default", endpoint =>
            RawEndpoint.Configure(endpoint, KeepAsync, TimeProvider.System, NullLogger.Instance));
        await handle.Ready.WaitAsync(Patience);
    }

    internal Task<Inbox> InboxAsync(string queue) => Inbox.ConnectAsync(Get<IBus>(), TimeProvider.System, queue);

    private Task KeepAsync(RawMessage message, CancellationToken cancellationToken)
    {
        Assert.True(WireJson.TryReadRequest(message.Body, out var request, out _));
        Request(request.WorkflowId, request.ActivityId, request.Attempt).TrySetResult(request);
        return Task.CompletedTask;
    }

    private TaskCompletionSource<ActivityRequest> Request(Guid workflowId, string activityId, int attempt) =>
        _requests.GetOrAdd((workflowId, activityId, attempt), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private TaskCompletionSource Reached(Guid workflowId, string activityId, ActivityStatus status) =>
        _statuses.GetOrAdd((workflowId, activityId, status), _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
