using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Tests.Contracts;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>The client over HTTP, against a real engine and against servers that have trouble.</summary>
[Collection(CallbackCollection.Name)]
public sealed class HttpClientTests(CallbackHost host)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Req", "E13")]
    [Trait("Req", "M8")]
    [Trait("Req", "D16")]
    public async Task The_interfaces_of_the_bus_work_over_http_without_a_bus()
    {
        await using var services = Client(host.Address);
        var (workflows, activities) = (services.GetRequiredService<IWorkflowClient>(), services.GetRequiredService<IActivityClient>());

        var started = await workflows.StartAsync("permit", new PermitRequested("H-1"));
        var again = await workflows.StartAsync("permit", new PermitRequested("H-1"));
        var other = await workflows.StartAsync("permit", new PermitRequested("H-1", 5));
        var id = started.WorkflowId!.Value;
        var noted = await workflows.SignalAsync("permit", "H-1", new NoteAdded(id, "hm"));
        var running = await workflows.QueryAsync("permit", "H-1");
        var alive = await activities.HeartbeatAsync(await host.TokenAsync(id, "Inspect-1"), new { Page = 7 });
        var completed = await activities.CompleteAsync(await host.TokenAsync(id), new { By = "Ann" });
        var result = await workflows.GetResultAsync<Dictionary<string, string>>(id);
        var history = await workflows.GetHistoryAsync(id);
        var shown = await workflows.GetActivitiesAsync(id);

        Assert.Equal(
            [Disposition.Applied, Disposition.Duplicate, Disposition.DuplicateConflict, Disposition.Applied, Disposition.Applied, Disposition.Applied],
            new[] { started, again, other, noted, alive, completed }.Select(x => x.Disposition));
        Assert.Equal((id, "Running"), (running.Id, running.Status));
        Assert.Equal("Ann", result!["by"]);
        Assert.Equal("""{"page":7}""", shown.Single(x => x.Id == "Inspect-1").Checkpoint!.Value.GetRawText());
        Assert.NotEmpty(history);
        Assert.Null(services.GetService<MassTransit.IBus>());
    }

    [Fact]
    [Trait("Req", "E14")]
    public async Task A_workflow_that_fails_is_canceled_or_is_not_there_is_told_by_the_same_exceptions_as_on_the_bus()
    {
        await using var services = Client(host.Address);
        var (workflows, activities) = (services.GetRequiredService<IWorkflowClient>(), services.GetRequiredService<IActivityClient>());
        var (failing, canceled) = (await host.StartAsync(), await host.StartAsync());

        await activities.FailAsync(await host.TokenAsync(failing), ActivityFailure.NonRetryable("Refused", "The desk is closed"));
        await workflows.CancelAsync(canceled, "not wanted");
        var late = await activities.CompleteAsync(await host.TokenAsync(canceled), 1);

        var failure = await Assert.ThrowsAsync<WorkflowFailedException>(() => workflows.GetResultAsync<object>(failing));
        Assert.Contains("The desk is closed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(Disposition.Canceled, late.Disposition);
        await Assert.ThrowsAsync<WorkflowNotFoundException>(() => workflows.QueryAsync(Guid.NewGuid()));
        await Assert.ThrowsAsync<MalformedTaskTokenException>(() => activities.CompleteAsync("no token", 1));
        await Assert.ThrowsAsync<SagaFlowException>(() => activities.ListenForCancelAsync("edi", (_, _) => Task.CompletedTask));
    }

    [Fact]
    [Trait("Req", "P25")]
    public async Task What_is_too_large_is_refused_before_it_is_sent()
    {
        await using var services = Client(host.Address);
        var id = await host.StartAsync();
        var token = await host.TokenAsync(id);

        var answer = () => services.GetRequiredService<IActivityClient>().CompleteAsync(token, new string('x', WireLimits.BodyBytes));
        var start = () => services.GetRequiredService<IWorkflowClient>().StartAsync("permit", new PermitRequested(new string('x', WireLimits.BodyBytes)));

        Assert.Contains("at most 262144 are taken", (await Assert.ThrowsAsync<SagaFlowException>(answer)).Message, StringComparison.Ordinal);
        Assert.Contains("at most 262144 are taken", (await Assert.ThrowsAsync<SagaFlowException>(start)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_told_at_once_and_not_tried_again()
    {
        await using var services = Client(host.Address, key: "wrong");

        var refused = await Assert.ThrowsAsync<SagaFlowException>(() => services.GetRequiredService<IWorkflowClient>().QueryAsync(Guid.NewGuid()));

        Assert.Contains("not allowed (status 401)", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-4.6-70")]
    public async Task While_the_engine_is_away_the_same_answer_is_sent_again_after_pauses_of_random_length()
    {
        var time = new ManualTimeProvider();
        var bodies = new ConcurrentQueue<string>();
        await using var server = await ServerAsync(async http =>
        {
            bodies.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync());
            http.Response.StatusCode = bodies.Count < 4 ? 503 : 200;
            http.Response.Headers.RetryAfter = "1";
            await http.Response.WriteAsync(bodies.Count < 4 ? """{"code":"unavailable","status":503}""" : """{"disposition":"applied"}""");
        });
        await using var services = Client(server.Address, time: time);
        var began = time.GetTimestamp();

        var call = services.GetRequiredService<IActivityClient>().CompleteAsync(WireSamples.Token, 1);
        await AdvanceUntilAsync(time, call);
        var receipt = await call;

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal(4, bodies.Count);
        Assert.Single(bodies.Distinct());
        Assert.InRange(time.GetElapsedTime(began).TotalSeconds, 3, 6);
    }

    [Fact]
    [Trait("Req", "REL-4.6-70")]
    public async Task A_call_that_nobody_judges_ends_at_its_deadline()
    {
        var time = new ManualTimeProvider();
        await using var server = await ServerAsync(http =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var services = Client(server.Address, time: time);
        var began = time.GetTimestamp();

        var call = services.GetRequiredService<IWorkflowClient>().CancelAsync(Guid.Empty);
        await AdvanceUntilAsync(time, call);

        await Assert.ThrowsAsync<ReceiptTimeoutException>(() => call);
        Assert.InRange(time.GetElapsedTime(began).TotalSeconds, 45, 46);
    }

    [Fact]
    [Trait("Req", "P9")]
    public async Task A_slow_start_is_not_cut_off_and_the_same_call_is_made_once_more_beside_it()
    {
        var time = new ManualTimeProvider();
        var (keys, cut, work) = (new ConcurrentQueue<string?>(), 0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var server = await ServerAsync(async http =>
        {
            keys.Enqueue(http.Request.Headers["Idempotency-Key"]);
            using var _ = http.RequestAborted.Register(() => Interlocked.Increment(ref cut));
            await work.Task;
            await http.Response.WriteAsync("""{"disposition":"applied"}""");
        });
        await using var services = Client(server.Address, time: time);

        var call = services.GetRequiredService<IWorkflowClient>().StartAsync("permit", new PermitRequested("H-9"));
        await Eventually.HoldsAsync(() => Task.FromResult(keys.Count == 1));
        time.Advance(TimeSpan.FromSeconds(20));
        await Eventually.HoldsAsync(() => Task.FromResult(keys.Count == 2));
        time.Advance(TimeSpan.FromSeconds(14));
        var cutBefore = Volatile.Read(ref cut);
        work.SetResult();
        var receipt = await call;

        Assert.Equal((Disposition.Applied, 0, 2), (receipt.Disposition, cutBefore, keys.Count));
        Assert.NotNull(Assert.Single(keys.Distinct()));
    }

    [Fact]
    public async Task A_connection_that_is_dead_costs_no_more_than_the_resend_interval()
    {
        var time = new ManualTimeProvider();
        var calls = 0;
        await using var server = await ServerAsync(async http =>
        {
            await (Interlocked.Increment(ref calls) == 1 ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted) : Task.CompletedTask);
            await http.Response.WriteAsync("""{"disposition":"applied"}""");
        });
        await using var services = Client(server.Address, time: time);

        var call = services.GetRequiredService<IActivityClient>().CompleteAsync(WireSamples.Token, 1);
        await Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref calls) == 1));
        time.Advance(TimeSpan.FromSeconds(20));
        var receipt = await call.WaitAsync(Patience);

        Assert.Equal((Disposition.Applied, 2), (receipt.Disposition, calls));
    }

    [Fact]
    public async Task A_redirect_takes_neither_key_nor_token_with_it()
    {
        await using var server = await ServerAsync(http =>
        {
            http.Response.Redirect("http://127.0.0.1:1/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using var services = Client(server.Address);

        var refused = await Assert.ThrowsAsync<SagaFlowException>(() => services.GetRequiredService<IActivityClient>().CompleteAsync(WireSamples.Token, 1));

        Assert.Contains("status 307", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("/sagaflow")]
    [InlineData("https://user:secret@127.0.0.1/")]
    [InlineData("https://127.0.0.1/?key=secret")]
    public void An_address_that_is_not_one_of_http_is_refused_at_start(string address)
    {
        using var services = Client(new Uri(address, UriKind.RelativeOrAbsolute));

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<SagaFlowHttpClientOptions>>().Value);

        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_client_of_the_same_container_is_refused()
    {
        var services = new ServiceCollection().AddSagaFlowClient();

        Assert.Throws<SagaFlowException>(() => services.AddSagaFlowHttpClient(x => x.BaseAddress = new Uri("http://127.0.0.1")));
    }

    private static ServiceProvider Client(Uri address, string key = CallbackHost.ApiKey, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(time ?? TimeProvider.System);
        services.Configure<SagaFlowClientOptions>(x => x.ResendInterval = TimeSpan.FromSeconds(20));
        services.AddSagaFlowHttpClient(http => (http.BaseAddress, http.ApiKey) = (address, key));
        return services.BuildServiceProvider();
    }

    private static Task<CallbackServer> ServerAsync(RequestDelegate answer) =>
        CallbackServer.StartAsync(_ => { }, (app, _) => ((WebApplication)app).Run(answer));

    // The clock follows the client: it moves on only while a pause is what the client waits for.
    private static async Task AdvanceUntilAsync(ManualTimeProvider time, Task call)
    {
        var patience = Stopwatch.StartNew();
        while (!call.IsCompleted && patience.Elapsed < Patience)
        {
            await Task.WhenAny(call, time.TimerWithinAsync(TimeSpan.FromSeconds(5)));
            time.Advance(call.IsCompleted ? TimeSpan.Zero : TimeSpan.FromSeconds(0.1));
        }
    }
}
