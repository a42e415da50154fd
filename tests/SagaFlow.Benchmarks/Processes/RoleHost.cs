using Microsoft.Extensions.Hosting;

namespace SagaFlow.Benchmarks.Processes;

/// <summary>The other side of <see cref="RoleProcess"/>: says that it is ready, tells a counter for each line that names one, and goes when its
/// input ends.</summary>
internal static class RoleHost
{
    public const string Ready = "ready";

    public static string Postgres => Variable(Servers.PrivateServers.PostgresVariable);

    public static string RabbitMq => Variable(Servers.PrivateServers.RabbitMqVariable);

    /// <summary>Runs a host until the input ends.</summary>
    public static async Task<int> RunAsync(IHost host)
    {
        using var counters = new RoleCounters();
        using (host)
        {
            await host.StartAsync();
            await ServeAsync(counters);
            await host.StopAsync();
            return 0;
        }
    }

    /// <summary>Says that it is ready, and returns when the input ends.</summary>
    public static async Task<int> ServeAsync(RoleCounters? counters = null)
    {
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is { } name)
        {
            Console.WriteLine(counters?.Tell(name));
        }

        return 0;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
}
