using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using SagaFlow.Client.Bus;

namespace SagaFlow.Tests.Client.Bus;

/// <summary>Everything that reached one raw endpoint, to be awaited with a deadline.</summary>
internal sealed class Inbox
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Channel<RawMessage> _messages = Channel.CreateUnbounded<RawMessage>();

    /// <summary>How often the receiver throws before it takes a message.</summary>
    public int Failures { get; set; }

    public static Task<Inbox> ConnectAsync(RunningServices services, string queue, Action<IReceiveEndpointConfigurator>? configure = null) =>
        ConnectAsync(services.Get<IBus>(), services.Get<TimeProvider>(), queue, configure);

    public static async Task<Inbox> ConnectAsync(
        IBus bus, TimeProvider time, string queue, Action<IReceiveEndpointConfigurator>? configure = null)
    {
        var inbox = new Inbox();
        var handle = bus.ConnectReceiveEndpoint(queue, endpoint =>
        {
            RawEndpoint.Configure(endpoint, inbox.TakeAsync, time, NullLogger.Instance, concurrency: 1);
            configure?.Invoke(endpoint);
        });
        await handle.Ready.WaitAsync(Patience);
        return inbox;
    }

    public async Task<RawMessage> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _messages.Reader.ReadAsync(patience.Token);
    }

    public bool IsEmpty => _messages.Reader.Count == 0;

    private async Task TakeAsync(RawMessage message, CancellationToken cancellationToken)
    {
        if (Failures-- > 0)
        {
            throw new InvalidOperationException("The store is away");
        }

        await _messages.Writer.WriteAsync(message, cancellationToken);
    }
}
