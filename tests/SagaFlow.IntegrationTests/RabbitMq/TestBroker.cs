using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using SagaFlow.IntegrationTests.Network;

namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>The broker that <c>tests/run</c> started, or the one that the environment names.</summary>
internal static class TestBroker
{
    private static int _prefixes;

    /// <summary>The broker's address. Without one a test fails: it is not skipped, because then nobody would notice.</summary>
    public static string Address => Read("SAGAFLOW_TEST_RABBITMQ");

    /// <summary>Makes a network to the broker that can fail.</summary>
    public static ChaosProxy NewNetwork()
    {
        var address = new Uri(Address);
        return new ChaosProxy(address.Host, address.Port).Start();
    }

    /// <summary>The broker as it is reached over that network.</summary>
    public static string Over(ChaosProxy network) => new UriBuilder(Address) { Port = network.Port }.Uri.AbsoluteUri;

    /// <summary>A deployment of its own for each test.</summary>
    public static string NewPrefix() => $"t{Environment.ProcessId}-{Interlocked.Increment(ref _prefixes)}";

    /// <summary>A virtual host of its own, for programs whose names on the broker are fixed.</summary>
    public static async Task<string> NewVirtualHostAsync()
    {
        var name = NewPrefix();
        await NodeAsync("ctl", "add_vhost", name);
        await NodeAsync("ctl", "set_permissions", "-p", name, "guest", ".*", ".*", ".*");
        return new Uri(new Uri(Address), "/" + name).AbsoluteUri;
    }

    public static async Task<IConnection> ConnectAsync() =>
        await new ConnectionFactory { Uri = new Uri(Address) }.CreateConnectionAsync();

    /// <summary>Has the node stopped, killed, frozen, thawed or started, or runs its control command.</summary>
    public static async Task NodeAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Read("SAGAFLOW_TEST_RABBITMQ_NODE"), "node"), arguments)
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"node {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}");
    }

    /// <summary>
    /// Has the node write down which log belongs to which quorum queue. It does so by itself only every half second: a queue that
    /// is younger comes back empty after a kill, with all that was confirmed.
    /// </summary>
    public static Task SaveQueueDirectoryAsync() => NodeAsync("ctl", "eval", "[dets:sync(T) || T <- dets:all()].");

    /// <summary>Asks the management API about the virtual host's <c>queues</c>, <c>exchanges</c> or <c>bindings</c>.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ListAsync(string kind, string prefix)
    {
        using var http = Management();
        using var document = JsonDocument.Parse(await http.GetStringAsync($"api/{kind}/%2F"));
        return [.. document.RootElement.EnumerateArray().Where(x => NameOf(x).StartsWith(prefix, StringComparison.Ordinal)).Select(x => x.Clone())];
    }

    /// <summary>The last path of an object is its own name, or for a binding that of its destination.</summary>
    public static string NameOf(JsonElement item) => item.GetProperty(item.TryGetProperty("name", out _) ? "name" : "destination").GetString()!;

    public static HttpClient Management()
    {
        var address = new Uri(Read("SAGAFLOW_TEST_RABBITMQ_MANAGEMENT"));
        var http = new HttpClient { BaseAddress = new Uri(address.GetLeftPart(UriPartial.Authority)) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(address.UserInfo)));
        return http;
    }

    public static string Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"This test needs a RabbitMQ broker: run it with tests/run, or set {variable} (see tests/servers/rabbitmq.sh).");
}
