using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>Stands between a store and its server, and is the network that fails.</summary>
internal sealed class ChaosProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly NpgsqlConnectionStringBuilder _server = new(PostgresServer.ConnectionString);
    private readonly CancellationTokenSource _end = new();
    private readonly List<(TcpClient Client, TcpClient Server)> _connections = [];
    private readonly Task _accepting;
    private volatile bool _isDown;
    private int _repliesUntilLoss;
    private int _requestsToLose;
    private int _requestsToCut;

    public ChaosProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(PostgresServer.ConnectionString)
    {
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        Timeout = 3,
    }.ConnectionString;

    /// <summary>Gets how often a fault was injected: a test whose fault never fired has shown nothing.</summary>
    public int Faults { get; private set; }

    /// <summary>Lets the server do what it is asked next, and loses its reply with the connection.</summary>
    public void LoseNextReply() => LoseReplyAfter(0);

    /// <summary>Lets some replies pass and loses the one behind them.</summary>
    public void LoseReplyAfter(int replies) => Interlocked.Exchange(ref _repliesUntilLoss, replies + 1);

    /// <summary>Loses the next request with the connection.</summary>
    public void LoseNextRequest() => Interlocked.Exchange(ref _requestsToLose, 1);

    /// <summary>Hands the next request on and cuts the client off at once, while the server still works on it.</summary>
    public void CutAfterNextRequest() => Interlocked.Exchange(ref _requestsToCut, 1);

    /// <summary>Cuts all connections and takes no more.</summary>
    public void GoDown()
    {
        _isDown = true;
        Faults++;
        lock (_connections)
        {
            _connections.ForEach(x => Close(x.Client, x.Server));
            _connections.Clear();
        }
    }

    public void ComeBack() => _isDown = false;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        GoDown();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync(_end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                return;
            }

            if (_isDown)
            {
                client.Dispose();
                continue;
            }

            var server = new TcpClient();
            await server.ConnectAsync(_server.Host!, _server.Port);
            client.NoDelay = server.NoDelay = true;
            lock (_connections)
            {
                _connections.Add((client, server));
            }

            _ = PumpAsync(client, server, Requests);
            _ = PumpAsync(server, client, Replies);
        }
    }

    // Whether the bytes go on, and whether the connection does.
    private (bool Forward, bool Cut) Requests()
    {
        if (Interlocked.Exchange(ref _requestsToLose, 0) == 1)
        {
            return (false, true);
        }

        return (true, Interlocked.Exchange(ref _requestsToCut, 0) == 1);
    }

    private (bool Forward, bool Cut) Replies() => Interlocked.Decrement(ref _repliesUntilLoss) == 0 ? (false, true) : (true, false);

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<(bool Forward, bool Cut)> judge)
    {
        try
        {
            var buffer = new byte[256 * 1024];
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is var count and > 0)
            {
                var (forward, cut) = judge();
                if (forward)
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _end.Token);
                }

                if (cut)
                {
                    Faults++;
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The other side is gone.
        }

        Close(from, to);
    }

    private static void Close(TcpClient one, TcpClient other)
    {
        one.Dispose();
        other.Dispose();
    }
}
