using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Tests.Client.Bus.RabbitMq;

/// <summary>A broker that takes a connection and then is silent.</summary>
public sealed class WatchedSocketTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private readonly ManualTimeProvider _time = new();

    public WatchedSocketTests() => _silent.Start();

    public void Dispose() => _silent.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "REL-B12")]
    public async Task A_connection_that_gets_no_answer_fails(bool tls)
    {
        var factory = new ConnectionFactory
        {
            HostName = "127.0.0.1",
            Port = Port,
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = Limit,
            HandshakeContinuationTimeout = Limit,
            Ssl = new SslOption("localhost", enabled: tls),
        };
        WatchedSocket.Watch(factory, _time);

        var connecting = factory.CreateConnectionAsync();
        await _time.TimerInAsync(Limit);
        var early = connecting.IsCompleted;
        _time.Advance(Limit);

        await Assert.ThrowsAsync<BrokerUnreachableException>(() => connecting.WaitAsync(Patience));
        Assert.False(early);
    }

    [Fact]
    public async Task A_read_may_take_as_long_as_the_client_says_and_the_next_as_long_again()
    {
        using var client = await ConnectAsync();
        using var server = await _silent.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        stream.ReadTimeout = 3_000;
        var buffer = new byte[1];

        var first = stream.ReadAsync(buffer).AsTask();
        _time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        await server.GetStream().WriteAsync(new byte[] { 7 });
        var count = await first.WaitAsync(Patience);
        _time.Advance(TimeSpan.FromHours(1));
        var second = stream.ReadAsync(buffer).AsTask();
        _time.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        var early = second.IsCompleted;
        _time.Advance(TimeSpan.FromTicks(1));

        await Assert.ThrowsAnyAsync<IOException>(() => second.WaitAsync(Patience));
        Assert.Equal((1, 7, false), (count, buffer[0], early));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_read_may_take_for_ever_when_the_client_says_so(int milliseconds)
    {
        using var client = await ConnectAsync();
        using var server = await _silent.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        stream.ReadTimeout = milliseconds;
        var buffer = new byte[1];

        var reading = stream.ReadAsync(buffer).AsTask();
        _time.Advance(TimeSpan.FromHours(1));
        await server.GetStream().WriteAsync(new byte[] { 7 });

        Assert.Equal(1, await reading.WaitAsync(Patience));
    }

    private int Port => ((IPEndPoint)_silent.LocalEndpoint).Port;

    private async Task<WatchedSocket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new WatchedSocket(socket, _time);
    }
}
