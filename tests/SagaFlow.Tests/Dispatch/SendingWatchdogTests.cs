using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Dispatch;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Dispatch;

public sealed class SendingWatchdogTests
{
    [Theory]
    [Trait("Req", "P15")]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task The_database_tells_how_long_a_message_waits_whatever_the_clock_of_the_machine_says(int minutesAhead)
    {
        var machine = new ManualTimeProvider();
        var database = new OffsetClock(machine, TimeSpan.FromMinutes(minutesAhead));
        var outbox = new StuckOutbox(await database.ReadAsync(default) - TimeSpan.FromSeconds(10));
        using var confirmed = new ConfirmedMessages(outbox, new MessagesInHand(), machine, NullLogger<ConfirmedMessages>.Instance);
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var watchdog = new SendingWatchdog(
            outbox, database, confirmed, BrokerTransport.Traits(), services, machine, NullLogger<SendingWatchdog>.Instance);

        var age = await watchdog.ReadAgeAsync(default);

        Assert.Equal(TimeSpan.FromSeconds(10), age);
    }
}
