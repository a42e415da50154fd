using System.Net.Sockets;
using RabbitMQ.Client;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>A socket to the broker that closes when the broker is silent for longer than the broker's client bears.</summary>
/// <remarks>The client tells its stream how long a read may take, in the handshake and later between heartbeats; but a stream minds that only
/// when it is read synchronously, which the client does no more. So a connection to a broker that takes it and says nothing would never have
/// opened, nor failed: heartbeats begin after the handshake.</remarks>
internal sealed class WatchedSocket(Socket socket, TimeProvider clock) : TcpClientAdapter(socket)
{
    // Until the client says otherwise: while TLS is agreed on.
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(10);

    /// <summary>Has all connections of a factory watched.</summary>
    public static void Watch(ConnectionFactory factory, TimeProvider clock)
    {
        factory.SocketFactory = family => new WatchedSocket(new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }, clock);

        // The first read may begin before the client sets the handshake's own limit.
        factory.SocketReadTimeout = LongestSilence;
    }

    public override NetworkStream GetStream() => new WatchedStream(Client, clock);

    private sealed class WatchedStream : NetworkStream
    {
        private readonly ITimer _limit;
        private TimeSpan _longestRead = LongestSilence;

        public WatchedStream(Socket socket, TimeProvider clock)
            : base(socket) =>
            _limit = clock.CreateTimer(_ => socket.Dispose(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        /// <remarks>Milliseconds; -1 is for ever, and so is the 0 that the client sets as it closes.</remarks>
        public override int ReadTimeout
        {
            get => (int)_longestRead.TotalMilliseconds;
            set => _longestRead = value > 0 ? TimeSpan.FromMilliseconds(value) : Timeout.InfiniteTimeSpan;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = base.ReadAsync(buffer, cancellationToken);
            return read.IsCompleted ? read : WithinLimitAsync(read);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _limit.Dispose();
            }

            base.Dispose(disposing);
        }

        private async ValueTask<int> WithinLimitAsync(ValueTask<int> read)
        {
            _limit.Change(_longestRead, Timeout.InfiniteTimeSpan);
            try
            {
                return await read.ConfigureAwait(false);
            }
            finally
            {
                _limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
