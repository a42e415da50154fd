using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Worker;

/// <summary>A worker through its public interface, on a scripted broker and a clock that the test moves.</summary>
internal sealed class WorkerFixture : IAsyncDisposable
{
    private readonly RunningServices _services;

    private WorkerFixture(RunningServices services, ScriptedSlots slots, EventLog events, Script script, RecordingSink sink, ManualTimeProvider time) =>
        (_services, Slots, Events, Script, Sink, Time) = (services, slots, events, script, sink, time);

    public ScriptedSlots Slots { get; }

    public EventLog Events { get; }

    public Script Script { get; }

    public RecordingSink Sink { get; }

    public ManualTimeProvider Time { get; }

    public ISagaFlowWorker Worker => _services.Get<ISagaFlowWorker>();

    public T Get<T>() where T : notnull => _services.Get<T>();

    /// <summary>Makes a worker with the task queues <c>edi</c> and <c>print</c>, which is not started; one slot each.</summary>
    public static async Task<WorkerFixture> CreateAsync(Action<SagaFlowWorkerOptions>? configure = null, Action<IServiceCollection>? add = null)
    {
        var (slots, events, script, sink, time) = (new ScriptedSlots(), new EventLog(), new Script(), new RecordingSink(), new ManualTimeProvider());
        var services = await RunningServices.StartAsync(s =>
        {
            s.AddSingleton<TimeProvider>(time).AddSingleton<ISlotSource>(slots).AddSingleton<IAnswerSink>(sink).AddSingleton(script);
            s.AddSagaFlowWorker(worker => worker
                .OnEvent(events.OnEvent)
                .AddHandler<TransmitOrderHandler>().OnTaskQueue("edi")
                .Configure(options => (options.SlotsPerTaskQueue, options.StartsWithHost, options.NamePrefix) = (1, false, "test"))
                .Configure(configure ?? (_ => { })));
            add?.Invoke(s);
        });
        return new WorkerFixture(services, slots, events, script, sink, time);
    }

    public static async Task<WorkerFixture> StartAsync(Action<SagaFlowWorkerOptions>? configure = null)
    {
        var fixture = await CreateAsync(configure);
        await fixture.Worker.StartAsync();
        return fixture;
    }

    public ActivityRequest Request(int attempt = 1) => new()
    {
        MessageId = new Guid("0197e2c4-0000-4000-8000-000000000002"),
        WorkflowType = "order",
        WorkflowId = new Guid("0197e2c4-0000-4000-8000-000000000001"),
        ActivityId = "Transmit-1",
        Activity = "TransmitOrder",
        Attempt = attempt,
        TaskToken = RunnerFixture.Token,
        Arguments = System.Text.Json.JsonElement.Parse("""{"orderNumber":"17"}"""),
        ScheduledAt = Time.GetUtcNow(),
        AnswerTo = new AnswerAddress("sagaflow.answers", ""),
    };

    /// <summary>Delivers a request and waits until it has left the worker's hands.</summary>
    public async Task<AttemptDone> RunAsync(ActivityRequest? request = null)
    {
        var before = Events.Of<AttemptDone>().Count;
        Slots.Deliver(RunnerFixture.Delivery(request ?? Request()));
        await Events.CountsAsync<AttemptDone>(before + 1);
        return Events.Of<AttemptDone>()[before];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
