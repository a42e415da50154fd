using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Control;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Ingress;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Callers who wait for the end of a workflow take no place from the others, and no more of them wait than may.</summary>
public sealed class ResultWaitTests
{
    [Fact]
    public async Task Callers_who_wait_for_results_keep_nobody_from_starting_answering_and_canceling()
    {
        await using var host = await StartAsync(services => services.Configure<SagaFlowHttpOptions>(x => (x.ConcurrentCalls, x.ConcurrentWaits) = (1, 2)));
        var (id, other) = (await host.Host.StartAsync(), await host.Host.StartAsync());
        var first = host.WaitAsync(id);

        // One after the other: until it waits, a call has the only place of the others.
        await host.WaitingAsync(1);
        var waiting = new[] { first, host.WaitAsync(id) };
        await host.WaitingAsync(2);

        using var third = await host.Host.Http.SendAsync(Wait(id));
        var canceled = await host.Host.CallAsync("POST", $"/workflows/{other}/cancel");
        var ended = await host.WaitAsync(other);
        var started = await host.Host.CallAsync("POST", "/workflows/permit", """{"number":"R-1"}""");
        await host.Host.PostAsync(AnswerKind.Completed, """{"result":"fine"}"""u8.ToArray(), await host.Host.TokenAsync(id));
        var results = await Task.WhenAll(waiting);

        Assert.Equal((503, "2"), ((int)third.StatusCode, third.Headers.RetryAfter?.ToString()));
        Assert.Contains("\"code\":\"too_many_waiting\"", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((200, 200, 200), (canceled.Status, ended.Status, started.Status));
        Assert.All(results, x => Assert.Equal((200, "Completed"), (x.Status, x.Body.GetProperty("workflow").Text("status"))));
    }

    [Fact]
    public async Task Nobody_waits_any_more_for_a_caller_who_has_hung_up()
    {
        await using var host = await StartAsync(_ => { });
        var id = await host.Host.StartAsync();
        using var hangUp = new CancellationTokenSource();
        var call = host.Host.Http.SendAsync(Wait(id), hangUp.Token);
        await host.WaitingAsync(1);

        await hangUp.CancelAsync();

        await host.WaitingAsync(0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task An_engine_lets_only_so_many_callers_wait_and_tells_the_others_on_both_roads()
    {
        await using var host = await StartAsync(services => services.AddSingleton(new EngineLimits { WaitingCallers = 1 }));
        var (id, other) = (await host.Host.StartAsync(), await host.Host.StartAsync());
        await host.Host.CallAsync("POST", $"/workflows/{other}/cancel");
        var first = host.WaitAsync(id);
        await host.WaitingAsync(1);

        var byHttp = await host.WaitAsync(id);
        var byBus = await host.AskByBusAsync(id);
        var ofEnded = await host.AskByBusAsync(other);
        await host.Host.CallAsync("POST", $"/workflows/{id}/cancel");
        var result = await first;

        Assert.Equal((503, "too_many_waiting"), (byHttp.Status, byHttp.Body.Text("code")));
        Assert.Equal((Disposition.TooMany, "too_many_waiting", "Running"), (byBus.Disposition, byBus.Code, byBus.Workflow?.Status));
        Assert.Equal((Disposition.Applied, "Canceled"), (ofEnded.Disposition, ofEnded.Workflow?.Status));
        Assert.Equal((200, "Canceled"), (result.Status, result.Body.GetProperty("workflow").Text("status")));
        await host.WaitingAsync(0);
    }

    [Fact]
    public async Task A_wait_on_the_bus_that_is_over_is_answered_with_what_is_stored_and_gives_its_place_back()
    {
        await using var host = await StartAsync(_ => { });
        var id = await host.Host.StartAsync();
        var reply = host.AskByBusAsync(id);
        await host.WaitingAsync(1);

        host.Host.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((Disposition.Applied, "Running"), ((await reply).Disposition, (await reply).Workflow?.Status));
        await host.WaitingAsync(0);
    }

    private static HttpRequestMessage Wait(Guid id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/workflows/{id}/result?waitMs=30000");
        request.Headers.Add("X-Api-Key", CallbackHost.ApiKey);
        return request;
    }

    private static async Task<Waiting> StartAsync(Action<IServiceCollection> configure)
    {
        var host = new CallbackHost { Configure = configure };
        await host.InitializeAsync();
        return new Waiting(host, await host.InboxAsync("other"));
    }

    private sealed record Waiting(CallbackHost Host, SagaFlow.Tests.Client.Bus.Inbox Replies) : IAsyncDisposable
    {
        public Task<(int Status, System.Text.Json.JsonElement Body)> WaitAsync(Guid id) => Host.CallAsync("GET", $"/workflows/{id}/result?waitMs=30000");

        public Task WaitingAsync(int count) => Eventually.HoldsAsync(() => Task.FromResult(Host.Get<ResultWaiters>().Count == count));

        public async Task<ControlReply> AskByBusAsync(Guid id)
        {
            var body = ControlJson.Write(new QueryWorkflow { WorkflowId = id, What = QueryTopic.Result, WaitMs = 30_000 });
            await Host.Get<IRawBus>().SendAsync("sagaflow.control", new RawMessage { Body = body, ReplyTo = "other", CorrelationId = "1" }, CancellationToken.None);
            Assert.True(ControlJson.TryReadReply((await Replies.NextAsync()).Body, out var reply, out _));
            return reply;
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            Host.Dispose();
        }
    }
}
