using System.Diagnostics;
using System.Globalization;

namespace SagaFlow.Benchmarks.Servers;

/// <summary>The PostgreSQL and the RabbitMQ of a measurement: private ones, which end with this object, or those that were named.</summary>
internal sealed class PrivateServers : IAsyncDisposable
{
    public const string PostgresVariable = "SAGAFLOW_TEST_POSTGRES";
    public const string RabbitMqVariable = "SAGAFLOW_TEST_RABBITMQ";

    private readonly Process _script;
    private readonly DirectoryInfo _folder;
    private readonly Dictionary<string, string> _said;

    private PrivateServers(Process script, DirectoryInfo folder, Dictionary<string, string> said) => (_script, _folder, _said) = (script, folder, said);

    /// <summary>Gets an Npgsql connection string.</summary>
    public string Postgres => _said["postgres"];

    /// <summary>Gets an AMQP address.</summary>
    public string RabbitMq => _said["rabbitmq"];

    /// <summary>Gets the process of the private PostgreSQL's postmaster; <see langword="null"/> when the server is somebody else's.</summary>
    public int? PostgresId => IdOf("postgres-pid");

    /// <summary>Gets the process of the private RabbitMQ; <see langword="null"/> when the server is somebody else's.</summary>
    public int? RabbitMqId => IdOf("rabbitmq-pid");

    /// <summary>Gets the folder of the private RabbitMQ, with the script <c>node</c> that stops and starts it.</summary>
    public string? RabbitMqFolder => _said.GetValueOrDefault("rabbitmq-folder");

    /// <summary>Gets the data folder of the private PostgreSQL.</summary>
    public string? PostgresData => _said.GetValueOrDefault("postgres-data");

    public static async Task<PrivateServers> StartAsync(string? postgres, string? rabbitMq)
    {
        var folder = Directory.CreateTempSubdirectory("sagaflow-servers");
        var start = new ProcessStartInfo("bash")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "servers", "servers.sh"), folder.FullName },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Name(start, PostgresVariable, postgres);
        Name(start, RabbitMqVariable, rabbitMq);
        var script = Process.Start(start)!;
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await script.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
            var end = line.IndexOf('=', StringComparison.Ordinal);
            said[line[..Math.Max(end, 0)]] = line[(end + 1)..];
        }

        var servers = new PrivateServers(script, folder, said);
        if (!said.ContainsKey("rabbitmq"))
        {
            await servers.DisposeAsync();
            throw new InvalidOperationException("The servers did not start.");
        }

        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        _script.StandardInput.Close();
        await _script.WaitForExitAsync();
        _script.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Name(ProcessStartInfo start, string variable, string? value)
    {
        if (value is not null)
        {
            start.Environment[variable] = value;
        }
    }

    private int? IdOf(string key) => _said.TryGetValue(key, out var id) ? int.Parse(id, CultureInfo.InvariantCulture) : null;
}
