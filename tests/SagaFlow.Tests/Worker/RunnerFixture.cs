using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>A runner of the task queue <c>edi</c> without any bus, on a clock that the test moves.</summary>
internal sealed class RunnerFixture : IDisposable
{
    public const string Token = "sf1.k1.AAAA.AAAA";
    private readonly ServiceProvider _provider;

    public RunnerFixture(Action<SagaFlowWorkerOptions>? configure = null, bool claims = false)
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(Script);
        services.AddSagaFlowWorker(worker => Claiming(worker.AddHandler<TransmitOrderHandler>(), claims).OnTaskQueue("edi")
            .AddHandler<TransmitOrderHandler>("PrintLabel").OnTaskQueue("edi")
            .Configure(configure ?? (_ => { })));
        _provider = services.BuildServiceProvider(validateScopes: true);
        Runner = _provider.GetRequiredService<ActivityRunners>().For("edi");
    }

    public ManualTimeProvider Time { get; } = new();

    public Script Script { get; } = new();

    public RecordingSink Sink { get; } = new();

    public ActivityRunner Runner { get; }

    public RunServices Services => _provider.GetRequiredService<RunServices>();

    public RunningAttempts Running => _provider.GetRequiredService<RunningAttempts>();

    public ActivityAnswer OnlyAnswer => Assert.Single(Sink.Answers);

    public ActivityRequest Request(int attempt = 1, string activity = "TransmitOrder") => new()
    {
        MessageId = new Guid("0197e2c4-0000-4000-8000-000000000002"),
        WorkflowType = "order",
        WorkflowId = new Guid("0197e2c4-0000-4000-8000-000000000001"),
        ActivityId = "Transmit-1",
        Activity = activity,
        Attempt = attempt,
        TaskToken = Token,
        Arguments = JsonElement.Parse("""{"orderNumber":"17"}"""),
        ScheduledAt = Time.GetUtcNow(),
        AnswerTo = new AnswerAddress("sagaflow.answers", ""),
    };

    public Task RunAsync(ActivityRequest request, CancellationToken stopping = default) => 
        Runner.RunAsync(Delivery(request), Sink, stopping).WaitAsync(TimeSpan.FromSeconds(20), CancellationToken.None);

    public ActivityRun Accept(ActivityRequest request, WorkerStop stop = default) => Runner.Accept(Delivery(request), Sink, stop)!;

    public ActivityRun Accept(ActivityRequest request, IAnswerSink sink) => Runner.Accept(Delivery(request), sink, default)!;

    public static RawMessage Delivery(ActivityRequest request) => new() { Body = WireJson.Write(request) };

    private static ActivityHandlerBuilder Claiming(ActivityHandlerBuilder handler, bool claims) => claims ? handler.ClaimBeforeRun() : handler;

    public void Dispose() => _provider.Dispose();
}
