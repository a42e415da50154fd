using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SagaFlow.IntegrationTests.Network;

/// <summary>Stands between a client and its server, and is the network that fails.</summary>
/// <param name="host">The server's host.</param>
/// <param name="port">The server's port.</param>
internal sealed class ChaosProxy(string host, int port) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly List<(TcpClient Client, TcpClient Server)> _connections = [];
    private Task _accepting = Task.CompletedTask;
    private byte[]? _mark;
    private volatile bool _isDown;
    private volatile bool _swallows;
    private long _passed;
    private long _swallowed;
    private volatile SemaphoreSlim? _heldReplies;
    private long _replies;
    private int _accepted;
    private int _open;
    private int _repliesUntilLoss;
    private int _markedRepliesToLose;
    private int _requestsToLose;
    private int _requestsToCut;

    /// <summary>Gets where clients are to connect to, on loopback.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Gets how many bytes of requests were handed on.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Gets how many bytes of requests went nowhere.</summary>
    public long Swallowed => Interlocked.Read(ref _swallowed);

    /// <summary>Gets how many replies came, a read of the socket each.</summary>
    public long Replies => Interlocked.Read(ref _replies);

    /// <summary>Gets how many connections to the server were made.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Gets how many of them are still there.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Gets how often a fault was injected: a test whose fault never fired has shown nothing.</summary>
    public int Faults { get; private set; }

    /// <summary>Begins to take connections.</summary>
    public ChaosProxy Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return this;
    }

    /// <summary>Marks each connection on which a request holds these bytes, such as the statement that it will repeat.</summary>
    public void Mark(byte[] bytes) => _mark = bytes;

    /// <summary>Lets the server do what a marked connection asks next, and loses its reply with the connection.</summary>
    public void LoseNextMarkedReply() => Interlocked.Exchange(ref _markedRepliesToLose, 1);

    /// <summary>Takes requests and hands none on; the connections stay open. One that is made meanwhile stays in silence for good: its server knows nothing of it.</summary>
    public void Swallow(bool swallows) => _swallows = swallows;

    /// <summary>Keeps replies back, all but those that <see cref="PassReply"/> lets through, until <see cref="PassAllReplies"/>.</summary>
    public void HoldReplies() => _heldReplies = new SemaphoreSlim(0);

    /// <summary>Lets one of the replies through that are kept back.</summary>
    public void PassReply() => _heldReplies!.Release();

    /// <summary>Keeps replies back no more.</summary>
    public void PassAllReplies() => Interlocked.Exchange(ref _heldReplies, null)?.Release(1_000);

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

            if (_swallows)
            {
                _ = SwallowAsync(client);
                continue;
            }

            var server = new TcpClient();
            try
            {
                await server.ConnectAsync(host, port);
            }
            catch (SocketException)
            {
                Close(client, server);
                continue;
            }

            client.NoDelay = server.NoDelay = true;
            lock (_connections)
            {
                _connections.Add((client, server));
            }

            _ = ServeAsync(client, server);
        }
    }

    private Task SwallowAsync(TcpClient client)
    {
        lock (_connections)
        {
            _connections.Add((client, client));
        }

        return PumpAsync(client, client, bytes =>
        {
            Interlocked.Add(ref _swallowed, bytes.Length);
            return (false, false);
        });
    }

    private async Task ServeAsync(TcpClient client, TcpClient server)
    {
        var isMarked = new StrongBox<bool>();
        Interlocked.Increment(ref _accepted);
        Interlocked.Increment(ref _open);
        await Task.WhenAll(
            PumpAsync(client, server, bytes => JudgeRequest(bytes, isMarked)),
            PumpAsync(server, client, _ => JudgeReply(isMarked), WaitWhileHeldAsync));
        Interlocked.Decrement(ref _open);
    }

    private async Task WaitWhileHeldAsync()
    {
        if (_heldReplies is { } held)
        {
            await held.WaitAsync(_end.Token);
        }
    }

    // Whether the bytes go on, and whether the connection does.
    private (bool Forward, bool Cut) JudgeRequest(ReadOnlySpan<byte> bytes, StrongBox<bool> isMarked)
    {
        isMarked.Value |= _mark is { } mark && bytes.IndexOf(mark) >= 0;
        if (_swallows)
        {
            Interlocked.Add(ref _swallowed, bytes.Length);
            return (false, false);
        }

        Interlocked.Add(ref _passed, bytes.Length);
        if (Interlocked.Exchange(ref _requestsToLose, 0) == 1)
        {
            return (false, true);
        }

        return (true, Interlocked.Exchange(ref _requestsToCut, 0) == 1);
    }

    private (bool Forward, bool Cut) JudgeReply(StrongBox<bool> isMarked)
    {
        Interlocked.Increment(ref _replies);
        if (isMarked.Value && Interlocked.Exchange(ref _markedRepliesToLose, 0) == 1)
        {
            return (false, true);
        }

        return Interlocked.Decrement(ref _repliesUntilLoss) == 0 ? (false, true) : (true, false);
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, Func<byte[], (bool Forward, bool Cut)> judge, Func<Task>? wait = null)
    {
        try
        {
            var buffer = new byte[256 * 1024];
            while (await from.GetStream().ReadAsync(buffer, _end.Token) is var count and > 0)
            {
                var (forward, cut) = judge(buffer[..count]);
                await (wait?.Invoke() ?? Task.CompletedTask);
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
