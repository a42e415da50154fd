using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;
using SagaFlow.Testing;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Workflows;

namespace SagaFlow.Tests.Diagnostics;

/// <summary>Waits that nobody answers are seen before their deadline.</summary>
public sealed class OpenWaitWatchTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    // ShopWorkflow waits an hour for its activities: 80 % of it are 48 minutes.
    [Theory]
    [Trait("Req", "P1")]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task A_wait_that_has_used_up_80_percent_of_its_time_is_said_once(int ticksAround, int said)
    {
        await using var flow = await StartAsync();
        var log = new RecordingLogger();
        using var watch = new OpenWaitWatch(flow.Engine.Get<IWorkflowReader>(), flow.Engine.Get<IStoreClock>(), flow.Engine.Clock, log);
        await flow.AdvanceAsync(TimeSpan.FromMinutes(48) + (ticksAround * Tick));

        await watch.LookAsync(CancellationToken.None);
        await watch.LookAsync(CancellationToken.None);

        Assert.Equal(said, log.Lines.Count(x => x.Contains("Activity Pack-1", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Req", "P1")]
    public async Task The_age_of_the_oldest_wait_is_a_gauge()
    {
        await using var flow = await StartAsync();
        using var watch = new OpenWaitWatch(flow.Engine.Get<IWorkflowReader>(), flow.Engine.Get<IStoreClock>(), flow.Engine.Clock, new RecordingLogger());
        await flow.AdvanceAsync(TimeSpan.FromMinutes(10));

        await watch.LookAsync(CancellationToken.None);

        Assert.Contains(600.0, ReadGauge());
    }

    [Fact]
    [Trait("Req", "P1")]
    public async Task The_database_and_not_a_machine_whose_clock_is_ahead_tells_how_long_a_wait_is()
    {
        await using var flow = await StartAsync();
        var log = new RecordingLogger();
        var behind = new OffsetClock(flow.Engine.Clock, TimeSpan.FromMinutes(-7));
        using var watch = new OpenWaitWatch(flow.Engine.Get<IWorkflowReader>(), behind, flow.Engine.Clock, log);
        await flow.AdvanceAsync(TimeSpan.FromMinutes(48));

        await watch.LookAsync(CancellationToken.None);

        Assert.Contains(TimeSpan.FromMinutes(41).TotalSeconds, ReadGauge());
        Assert.Empty(log.Lines);
    }

    [Fact]
    [Trait("Req", "P1")]
    public async Task The_longest_silence_of_a_started_attempt_and_the_open_activities_are_gauges()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<PermitWorkflow, PermitInstance>());
        var permit = await flow.StartAsync(new PermitRequested("P-1"));
        using var watch = new OpenWaitWatch(flow.Engine.Get<IWorkflowReader>(), flow.Engine.Get<IStoreClock>(), flow.Engine.Clock, new RecordingLogger());
        await permit.Activity("Inspect").StartedAsync();
        await flow.AdvanceAsync(TimeSpan.FromSeconds(123));

        await watch.LookAsync(CancellationToken.None);

        Assert.Contains(123.0, ReadGauge("sagaflow.activity.heartbeat.lag"));
        Assert.Contains(2.0, ReadGauge("sagaflow.activity.pending"));
    }

    [Fact]
    [Trait("Req", "P1")]
    public async Task All_open_activities_are_counted_however_many_and_only_where_somebody_reads_the_number()
    {
        await using var store = await SqliteStoreFixture.CreateAsync();
        var time = new ManualTimeProvider();
        using var watch = new OpenWaitWatch(store.Reader, new EngineClock(time), time, new RecordingLogger());
        await CommitAsync(store, 1, 1_503);
        await watch.LookAsync(CancellationToken.None);
        await CommitAsync(store, 2, 2);
        time.Advance(TimeSpan.FromSeconds(15));
        await watch.LookAsync(CancellationToken.None);

        var first = ReadGauge("sagaflow.activity.pending");
        time.Advance(TimeSpan.FromSeconds(15));
        await watch.LookAsync(CancellationToken.None);
        var second = ReadGauge("sagaflow.activity.pending");
        await CommitAsync(store, 3, 1);
        time.Advance(TimeSpan.FromSeconds(15) - Tick);
        await watch.LookAsync(CancellationToken.None);
        var third = ReadGauge("sagaflow.activity.pending");

        Assert.Contains(1_503.0, first);
        Assert.Contains(1_505.0, second);
        Assert.DoesNotContain(1_506.0, third);
    }

    private static async Task CommitAsync(StoreFixture store, int workflow, int activities)
    {
        var id = Records.Id(workflow);
        await store.CommitAsync(new ChangeSet(id)
        {
            Workflow = Records.Workflow(id),
            Activities = [.. Enumerable.Range(1, activities).Select(n => Records.Row(Records.Activity(id, $"Route-{n}")))],
        });
    }

    private static async Task<SagaFlowHarness<ShopWorkflow, ShopInstance>> StartAsync()
    {
        var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<ShopWorkflow, ShopInstance>());
        await flow.StartAsync(new BasketPaid("B-1"));
        return flow;
    }

    // Other tests of this process may have watches of their own.
    private static List<double> ReadGauge(string name = "sagaflow.activity.oldest_wait")
    {
        var values = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == name)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => values.Add(value));
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => values.Add(value));
        listener.Start();
        listener.RecordObservableInstruments();
        return values;
    }

    private sealed class RecordingLogger : ILogger<OpenWaitWatch>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
