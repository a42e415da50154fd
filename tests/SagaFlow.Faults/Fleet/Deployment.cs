using System.Security.Cryptography;
using Npgsql;
using SagaFlow.IntegrationTests.Network;

namespace SagaFlow.Faults.Fleet;

/// <summary>The DataRouting sample as a small company would run it: two engines, two workers, and the foreign transmit service.</summary>
internal sealed class Deployment : IAsyncDisposable
{
    public const string TimeScale = "0.5";

    private readonly string _seed;

    private Deployment(Broker broker, Database database, string folder, int seed)
    {
        (Broker, Database, Folder, _seed) = (broker, database, folder, $"{seed}");
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        DatabaseNetwork = new ChaosProxy(server.Host!, server.Port).Start();
        var address = new Uri(broker.Address);
        BrokerNetwork = new ChaosProxy(address.Host, address.Port).Start();
        var overNetwork = new UriBuilder(address) { Port = BrokerNetwork.Port }.Uri.ToString();
        var databaseOverNetwork = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = DatabaseNetwork.Port }.ConnectionString;
        Engines = [Engine("engine-1", broker.Address, databaseOverNetwork, FakeTime.None), Engine("engine-2", overNetwork, database.ConnectionString, Clock = FakeTime.In(folder))];
        Workers = [Make("worker-1", "worker", broker.Address), Make("worker-2", "worker", broker.Address)];
        Transmit = Make("transmit", "transmit", broker.Address);
    }

    public Broker Broker { get; }

    public Database Database { get; }

    public string Folder { get; }

    /// <summary>Between the first engine and the database.</summary>
    public ChaosProxy DatabaseNetwork { get; }

    /// <summary>Between the second engine and the broker.</summary>
    public ChaosProxy BrokerNetwork { get; }

    /// <summary>The clock of the second engine.</summary>
    public FakeTime Clock { get; }

    public IReadOnlyList<Part> Engines { get; }

    public IReadOnlyList<Part> Workers { get; }

    public Part Transmit { get; }

    public IEnumerable<Part> Parts => [.. Engines, .. Workers, Transmit];

    /// <summary>What the transmit service saw.</summary>
    public string Journal => Path.Combine(Folder, "transmit.transmit.jsonl");

    public static async Task<Deployment> StartAsync(int seed)
    {
        var broker = await Broker.StartAsync();
        var database = await Database.StartAsync();
        var deployment = new Deployment(broker, database, Directory.CreateTempSubdirectory("sagaflow-fleet-").FullName, seed);
        try
        {
            await deployment.StartAsync();
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>Arguments of the sample that every process shares.</summary>
    public string[] Common(string broker, string name) =>
    [
        Path.Combine(AppContext.BaseDirectory, "DataRouting.dll"), "--rabbitmq", broker, "--time-scale", TimeScale, "--seed", _seed,
        "--ack-loss-chance", "5", "--ack-late-chance", "5", "--route-error-chance", "15", "--database", Path.Combine(Folder, name),
    ];

    /// <summary>What an engine finds in its environment: the key of its tokens.</summary>
    public Dictionary<string, string> EngineEnvironment { get; } = new()
    {
        ["SagaFlow__TokenKeys__Keys__faults"] = Convert.ToBase64String(SHA256.HashData("a key for a test"u8)),
    };

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Parts.Where(x => x.IsStarted).Select(x => x.EndAsync()));
        await DatabaseNetwork.DisposeAsync();
        await BrokerNetwork.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task StartAsync()
    {
        // The group commit's own statement, which its connection prepares once.
        DatabaseNetwork.Mark("fence as materialized"u8.ToArray());
        await Kinds.ServiceFaults.PrepareAsync(Broker);
        foreach (var part in Parts)
        {
            part.Start();
        }

        foreach (var part in Parts)
        {
            await part.ReadyAsync();
        }
    }

    private Part Engine(string name, string broker, string postgres, FakeTime clock) => new(
        name, Folder, [.. Common(broker, name), "--role", "engine", "--packets", "none", "--postgres", postgres],
        new(EngineEnvironment.Concat(clock.Environment)));

    private Part Make(string name, string role, string broker) => new(name, Folder, [.. Common(broker, name), "--role", role], []);
}
