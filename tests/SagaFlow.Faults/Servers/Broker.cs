using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;

namespace SagaFlow.Faults.Servers;

/// <summary>What a new client finds.</summary>
internal enum Probe
{
    Answers,
    Refuses,
    Silent,
}

/// <summary>A RabbitMQ node of the run's own, which it may break.</summary>
internal sealed class Broker : IAsyncDisposable
{
    // After a stop this version's recovery can leave a queue of a single node without a leader for ever.
    private const string ElectLeaders = "[ra:trigger_election({N, node()}) || {N, follower} <- ets:tab2list(ra_state)].";

    private readonly string _folder;
    private readonly Uri _management;

    private Broker(string address, string management, string folder) => (Address, _management, _folder) = (address, new Uri(management), folder);

    public string Address { get; }

    public static async Task<Broker> StartAsync()
    {
        var output = await Shell.ServersAsync(
            "start_rabbitmq 1>&2 && echo \"$SAGAFLOW_TEST_RABBITMQ $SAGAFLOW_TEST_RABBITMQ_MANAGEMENT $SAGAFLOW_TEST_RABBITMQ_NODE\"");
        var words = output.Trim().Split('\n')[^1].Split(' ');
        return new Broker(words[0], words[1], words[2]);
    }

    /// <summary>Has the node stopped, killed, frozen, thawed or started, or runs its control command.</summary>
    public Task<string> NodeAsync(params string[] arguments) => Shell.RunAsync(Path.Combine(_folder, "node"), arguments);

    /// <summary>Brings back whatever is missing, and waits until clients are served.</summary>
    public async Task HealAsync()
    {
        await Patience.UntilAsync(TryHealAsync, "the broker serves again", 120);
        await NodeAsync("ctl", "eval", ElectLeaders);
    }

    /// <summary>Tries to connect as a new client does.</summary>
    public async Task<Probe> ProbeAsync()
    {
        var connecting = ConnectAsync("probe");
        if (await Task.WhenAny(connecting, Task.Delay(TimeSpan.FromSeconds(2.5))) != connecting)
        {
            _ = connecting.ContinueWith(x => x.Exception?.ToString() ?? Close(x.Result), TaskScheduler.Default);
            return Probe.Silent;
        }

        try
        {
            await using var connection = await connecting;
            return Probe.Answers;
        }
        catch (Exception)
        {
            return Probe.Refuses;
        }
    }

    public Task<IConnection> ConnectAsync(string name) => new ConnectionFactory
    {
        Uri = new Uri(Address),
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync();

    /// <summary>Does something on a connection and a channel of its own, with confirms.</summary>
    public async Task<T> OnChannelAsync<T>(Func<IChannel, Task<T>> work)
    {
        await using var connection = await ConnectAsync("faults");
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        return await work(channel).WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Each queue's messages, delivered ones too.</summary>
    public async Task<IReadOnlyDictionary<string, long>> QueuesAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_management.GetLeftPart(UriPartial.Authority)) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_management.UserInfo)));
        using var queues = JsonDocument.Parse(await http.GetStringAsync("api/queues/%2F"));
        return queues.RootElement.EnumerateArray().ToDictionary(
            x => x.GetProperty("name").GetString()!,
            x => x.TryGetProperty("messages", out var count) ? count.GetInt64() : 0);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await NodeAsync("end");
        }
        catch (InvalidOperationException)
        {
            // It was down already.
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> TryHealAsync()
    {
        try
        {
            var pid = (await File.ReadAllTextAsync(Path.Combine(_folder, "pid"))).Trim();
            if (!Directory.Exists($"/proc/{pid}"))
            {
                await NodeAsync("start");
            }

            await NodeAsync("thaw");
            if (await ProbeAsync() == Probe.Refuses)
            {
                await NodeAsync("ctl", "start_app");
            }
        }
        catch (InvalidOperationException)
        {
            // It is starting or ending just now.
        }

        return await ProbeAsync() == Probe.Answers;
    }

    private static string Close(IConnection connection)
    {
        _ = connection.AbortAsync();
        return "";
    }
}
