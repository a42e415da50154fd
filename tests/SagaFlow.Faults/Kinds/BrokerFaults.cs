using RabbitMQ.Client;

namespace SagaFlow.Faults.Kinds;

/// <summary>Faults of the broker and of the way to it.</summary>
internal static class BrokerFaults
{
    // More than the greeting of a client that was only connecting: a message of some kind is among it.
    private const long LeastSwallowed = 500;

    // What a client says while it connects and declares is less.
    private const long LeastPassed = 10_000;

    public static IEnumerable<FaultKind> All =>
    [
        new("broker stopped and started", Lane.Broker, StopAsync),
        new("broker killed", Lane.Broker, KillAsync),
        new("broker frozen", Lane.Broker, FreezeAsync),
        new("broker's memory full", Lane.Broker, (fleet, random) => AlarmAsync(fleet, random, "set_vm_memory_high_watermark absolute 1", "set_vm_memory_high_watermark absolute 2GB")),
        new("broker's disk full", Lane.Broker, (fleet, random) => AlarmAsync(fleet, random, "set_disk_free_limit 900000GB", "set_disk_free_limit 1MB")),
        new("broker closed every connection", Lane.Broker, CloseAsync),
        new("timers' queue deleted", Lane.Broker, (fleet, _) => DeleteAsync(fleet, "sagaflow.timers")),
        new("control's queue deleted", Lane.Broker, (fleet, _) => DeleteAsync(fleet, "sagaflow.control")),
        new("publishes swallowed", Lane.Broker, SwallowAsync) { Also = [Lane.SecondEngine] },
    ];

    [Trait("Req", "REL-B1")]
    private static Task<string?> StopAsync(Deployment fleet, Random random) => HealedAsync(fleet, async () =>
    {
        await fleet.Broker.NodeAsync("ctl", "stop_app");
        var probe = await fleet.Broker.ProbeAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(0, 4)));
        return probe == Probe.Answers ? null : $"a client found that it {probe}";
    });

    [Trait("Req", "REL-B1")]
    private static Task<string?> KillAsync(Deployment fleet, Random random) => HealedAsync(fleet, async () =>
    {
        await fleet.Broker.NodeAsync("kill");
        var probe = await fleet.Broker.ProbeAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(0, 3)));
        return probe == Probe.Refuses ? "a client was refused" : null;
    });

    [Trait("Req", "REL-B12")]
    private static Task<string?> FreezeAsync(Deployment fleet, Random random) => HealedAsync(fleet, async () =>
    {
        await fleet.Broker.NodeAsync("freeze");
        var probe = await fleet.Broker.ProbeAsync();
        await Task.Delay(TimeSpan.FromSeconds(random.Next(0, 12)));
        return probe == Probe.Silent ? "a client got no answer" : null;
    });

    // The proof: a publisher is told that it is blocked.
    [Trait("Req", "REL-B4")]
    private static async Task<string?> AlarmAsync(Deployment fleet, Random random, string begin, string end)
    {
        // Closed only after the alarm: a blocked broker does not answer to a close.
        await using var connection = await fleet.Broker.ConnectAsync("blocked");
        await using var channel = await connection.CreateChannelAsync();
        var blocked = new TaskCompletionSource();
        connection.ConnectionBlockedAsync += (_, _) =>
        {
            blocked.TrySetResult();
            return Task.CompletedTask;
        };
        await fleet.Broker.NodeAsync(["ctl", .. begin.Split(' ')]);
        try
        {
            await channel.BasicPublishAsync("", "nobody", "x"u8.ToArray());
            var isBlocked = await Task.WhenAny(blocked.Task, Task.Delay(TimeSpan.FromSeconds(10))) == blocked.Task;
            await Task.Delay(TimeSpan.FromSeconds(random.Next(1, 8)));
            return isBlocked ? "a publisher was blocked" : null;
        }
        finally
        {
            await fleet.Broker.NodeAsync(["ctl", .. end.Split(' ')]);
        }
    }

    [Trait("Req", "REL-T21")]
    private static async Task<string?> CloseAsync(Deployment fleet, Random random)
    {
        await using var own = await fleet.Broker.ConnectAsync("closed");
        var closed = new TaskCompletionSource();
        own.ConnectionShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await fleet.Broker.NodeAsync("ctl", "close_all_connections", "by the fault run");
        return await Task.WhenAny(closed.Task, Task.Delay(TimeSpan.FromSeconds(10))) == closed.Task ? "this client's was closed too" : null;
    }

    // Of queues whose loss the rows make good: an unheard ring rings again, and a start without a receipt is sent again. The
    // queues of requests and answers hold what the broker has promised to keep; to delete them is to break its promise.
    [Trait("Req", "REL-B3")]
    private static async Task<string?> DeleteAsync(Deployment fleet, string queue)
    {
        await fleet.Broker.OnChannelAsync(async channel => await channel.QueueDeleteAsync(queue));
        var isBack = await Patience.HoldsWithinAsync(() => IsConsumedAsync(fleet, queue), 90);
        return isBack ? "deleted, and consumed again" : throw new InvalidOperationException($"Nobody consumes {queue} any more.");
    }

    private static async Task<bool> IsConsumedAsync(Deployment fleet, string queue)
    {
        try
        {
            return await fleet.Broker.OnChannelAsync(async channel => await channel.ConsumerCountAsync(queue)) > 0;
        }
        catch (Exception)
        {
            // It is not there yet.
            return false;
        }
    }

    [Trait("Req", "REL-B2")]
    [Trait("Req", "REL-T1")]
    private static async Task<string?> SwallowAsync(Deployment fleet, Random random)
    {
        // There must be messages to swallow: the engine may be starting, or connecting after the last fault.
        await fleet.Engines[1].ReadyAsync();
        var passed = fleet.BrokerNetwork.Passed;
        await Patience.HoldsWithinAsync(() => Task.FromResult(fleet.BrokerNetwork.Passed > passed + LeastPassed), 40);
        var before = fleet.BrokerNetwork.Swallowed;
        fleet.BrokerNetwork.Swallow(true);
        await Task.Delay(TimeSpan.FromSeconds(random.Next(4, 16)));
        await Patience.HoldsWithinAsync(() => Task.FromResult(fleet.BrokerNetwork.Swallowed > before + LeastSwallowed), 15);
        fleet.BrokerNetwork.Swallow(false);

        // What was cut out of the middle of a stream can only end it.
        fleet.BrokerNetwork.GoDown();
        fleet.BrokerNetwork.ComeBack();
        var swallowed = fleet.BrokerNetwork.Swallowed - before;
        return swallowed > LeastSwallowed ? $"{swallowed} bytes went nowhere" : null;
    }

    private static async Task<string?> HealedAsync(Deployment fleet, Func<Task<string?>> inject)
    {
        try
        {
            return await inject();
        }
        finally
        {
            await fleet.Broker.HealAsync();
        }
    }
}
