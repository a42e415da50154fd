using Microsoft.Extensions.Hosting;

namespace SagaFlow.Benchmarks.Processes;

/// <summary>The other side of <see cref="RoleProcess"/>: says that it is ready, and goes when its input ends.</summary>
internal static class RoleHost
{
    public const string Ready = "ready";

    public static string Postgres => Variable(Servers.PrivateServers.PostgresVariable);

    public static string RabbitMq => Variable(Servers.PrivateServers.RabbitMqVariable);

    /// <summary>Runs a host until the input ends.</summary>
    public static async Task<int> RunAsync(IHost host)
    {
        using (host)
        {
            await host.StartAsync();
            await ServeAsync();
            await host.StopAsync();
            return 0;
        }
    }

    /// <summary>Says that it is ready, and returns when the input ends.</summary>
    public static async Task<int> ServeAsync()
    {
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing is said on it.
        }

        return 0;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set.");
}
