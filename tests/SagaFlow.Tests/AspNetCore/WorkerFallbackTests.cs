using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.Worker;
using SagaFlow.Worker;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>A worker whose bus takes nothing, and an engine that it reaches over HTTP.</summary>
[Collection(CallbackCollection.Name)]
[Trait("Req", "E26")]
public sealed class WorkerFallbackTests(CallbackHost host)
{
    private readonly RefusingBus _bus = new();

    [Fact]
    public async Task A_result_that_the_bus_refuses_arrives_over_http()
    {
        var workflowId = await host.StartAsync();
        await using var worker = Worker(host.Address);
        var request = await host.RequestAsync(workflowId, "Approve-1");

        await RunAsync(worker, request);

        Assert.Equal(1, _bus.Refused);
        Assert.Equal("""{"controlNumber":"000123"}""", (await host.WorkflowAsync(workflowId)).Result);
    }

    [Fact]
    public async Task A_heartbeat_and_a_claim_that_the_bus_refuses_are_answered_over_http()
    {
        var workflowId = await host.StartAsync();
        await using var worker = Worker(host.Address);
        var request = await host.RequestAsync(workflowId, "Inspect-1");
        var sink = worker.GetRequiredService<IAnswerSink>();

        var claim = await sink.ClaimAsync(
            new ActivityAnswer { Kind = AnswerKind.Started, TaskToken = request.TaskToken, ClaimId = "c" }, request.AnswerTo, CancellationToken.None);
        var heartbeat = await sink.HeartbeatAsync(
            new ActivityAnswer { Kind = AnswerKind.Heartbeat, TaskToken = request.TaskToken, Sequence = 1 }, request.AnswerTo, CancellationToken.None);

        Assert.Equal((Disposition.Applied, Disposition.Applied), (claim?.Disposition, heartbeat?.Disposition));
    }

    [Theory]
    [InlineData(Disposition.InvalidToken)]
    [InlineData(Disposition.UnknownWorkflow)]
    [InlineData(Disposition.Malformed)]
    [InlineData(Disposition.TooLarge)]
    [InlineData(Disposition.Forbidden)]
    [InlineData(Disposition.TooMany)]
    public async Task An_answer_that_a_stranger_refuses_over_http_is_offered_to_the_bus_again(Disposition refusal)
    {
        await using var stranger = await CallbackServer.StartAsync((_, _) => Task.FromResult(new Receipt(refusal)));
        var workflowId = await host.StartAsync();
        await using var worker = Worker(stranger.Address);
        var request = await host.RequestAsync(workflowId, "Approve-1");
        var answer = new ActivityAnswer { Kind = AnswerKind.Completed, TaskToken = request.TaskToken };

        var refused = () => worker.GetRequiredService<IAnswerSink>().SendAsync(answer, request.AnswerTo, CancellationToken.None);

        await Assert.ThrowsAsync<TimeoutException>(refused);
        Assert.Equal(WorkflowStatus.Running, (await host.WorkflowAsync(workflowId)).Status);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("/callbacks")]
    [InlineData("https://user:secret@127.0.0.1/")]
    [InlineData("https://127.0.0.1/?key=secret")]
    [InlineData("https://127.0.0.1/#secret")]
    public void An_address_that_is_not_one_of_http_is_refused_at_start(string address)
    {
        var options = new SagaFlowWorkerOptions { CallbackUrl = new Uri(address, UriKind.RelativeOrAbsolute) };

        var result = new SagaFlowWorkerOptionsValidator().Validate(null, options);

        Assert.True(result.Failed);
        Assert.DoesNotContain("secret", result.FailureMessage, StringComparison.Ordinal);
    }

    private static async Task RunAsync(ServiceProvider worker, ActivityRequest request)
    {
        var delivery = RunnerFixture.Delivery(request with { Activity = "TransmitOrder", Arguments = System.Text.Json.JsonElement.Parse("{\"orderNumber\":\"17\"}") });
        var runner = worker.GetRequiredService<ActivityRunners>().For("edi");
        await runner.RunAsync(delivery, worker.GetRequiredService<IAnswerSink>(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private ServiceProvider Worker(Uri engine)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<IRawBus>(_bus);
        services.AddSingleton(new Script());
        services.AddSagaFlowWorker(worker => worker
            .AddHandler<TransmitOrderHandler>().OnTaskQueue("edi")
            .Configure(x => x.CallbackUrl = engine));
        return services.BuildServiceProvider();
    }

    /// <summary>A broker that is away.</summary>
    private sealed class RefusingBus : IRawBus
    {
        public int Refused { get; private set; }

        public Task SendAsync(string queue, RawMessage message, CancellationToken cancellationToken)
        {
            Refused++;
            throw new TimeoutException("The broker is away");
        }

        public Task PublishAsync(string exchange, string routingKey, RawMessage message, CancellationToken cancellationToken) =>
            SendAsync(exchange, message, cancellationToken);

        public string? QueueAt(Uri address) => null;
    }
}
