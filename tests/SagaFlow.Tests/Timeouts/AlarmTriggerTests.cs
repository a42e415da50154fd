using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Timeouts;

/// <summary>What the scheduler is asked to do, as an operator sees it.</summary>
public sealed class AlarmTriggerTests
{
    [Fact]
    [Trait("Req", "M12")]
    public async Task Rings_asked_of_the_scheduler_are_counted()
    {
        var triggers = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "sagaflow.alarm.triggers")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref triggers, value));
        listener.Start();
        using var folder = new TemporaryFolder();
        using var host = await NapEngine.StartAsync(folder.File("flow.db"));

        await NapEngine.NapAsync(host, "Ann");

        // At least this one: engines of other tests of this process count as well.
        Assert.True(Interlocked.Read(ref triggers) >= 1, "Nothing was counted");
        await host.StopAsync();
    }
}
