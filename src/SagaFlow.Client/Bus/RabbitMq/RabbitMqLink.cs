using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Client.Faults;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>One connection to the broker, with one channel that confirms what is published on it. When it breaks, a new one takes its place.</summary>
internal sealed class RabbitMqLink : IDisposable
{
    // More outstanding confirms make nothing faster, and all of them are lost with the connection.
    private const int Outstanding = 256;

    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(2);

    private readonly IConnection _connection;
    private readonly IChannel _publishing;
    private readonly SemaphoreSlim _room = new(Outstanding, Outstanding);
    private readonly ConcurrentDictionary<string, Task> _declared = new(StringComparer.Ordinal);
    private readonly Action<string?> _tellBlocked;
    private TaskCompletionSource? _blocked;
    private long _confirmed;

    private RabbitMqLink(IConnection connection, IChannel publishing, Action<string?> tellBlocked)
    {
        (_connection, _publishing, _tellBlocked) = (connection, publishing, tellBlocked);
        connection.ConnectionBlockedAsync += OnBlocked;
        connection.ConnectionUnblockedAsync += OnUnblocked;
        connection.ConnectionShutdownAsync += OnShutdown;
    }

    public bool IsOpen => _connection.IsOpen && _publishing.IsOpen;

    /// <summary>Whether the broker takes nothing at the moment, because its memory or its disk is full.</summary>
    public bool IsBlocked => Volatile.Read(ref _blocked) is not null;

    /// <summary>How many publishes the broker has confirmed: whether anything still comes back.</summary>
    public long Confirmed => Interlocked.Read(ref _confirmed);

    /// <summary>Connects.</summary>
    /// <param name="factory">Knows the broker.</param>
    /// <param name="name">What people see in the broker's management UI.</param>
    /// <param name="tellBlocked">Hears the reason when the broker begins to take nothing, and <see langword="null"/> when it takes messages again.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<RabbitMqLink> OpenAsync(
        ConnectionFactory factory, string name, Action<string?> tellBlocked, CancellationToken cancellationToken)
    {
        var connection = await factory.CreateConnectionAsync([factory.HostName], name, cancellationToken).ConfigureAwait(false);
        try
        {
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
            return new RabbitMqLink(connection, await connection.CreateChannelAsync(options, cancellationToken).ConfigureAwait(false), tellBlocked);
        }
        catch
        {
            _ = CloseAsync(connection);
            throw;
        }
    }

    /// <summary>Publishes and waits until the broker has confirmed.</summary>
    /// <param name="exchange">Where to.</param>
    /// <param name="routingKey">With what key.</param>
    /// <param name="mandatory">Whether it is an error that no queue gets it.</param>
    /// <param name="properties">The message's properties.</param>
    /// <param name="body">The message's body.</param>
    /// <param name="giveUp">Ends the waiting before the publish. The publish itself gets no token: cancelling it would corrupt the
    /// numbering of the confirms.</param>
    /// <exception cref="PublishException">The broker refused it or, when it is mandatory, had no queue for it.</exception>
    public async Task PublishAsync(
        string exchange, string routingKey, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken giveUp)
    {
        await _room.WaitAsync(giveUp).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref _blocked) is { } blocked)
            {
                await blocked.Task.WaitAsync(giveUp).ConfigureAwait(false);
            }

            var confirmed = _publishing.BasicPublishAsync(exchange, routingKey, mandatory, properties, body, CancellationToken.None);
            FaultPoints.Pass(FaultPoint.Published);
            await confirmed.ConfigureAwait(false);
            Interlocked.Increment(ref _confirmed);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Declares something once in the life of this connection.</summary>
    public async Task DeclareAsync(string name, Func<IChannel, Task> declare)
    {
        try
        {
            await _declared.GetOrAdd(name, _ => RunAsync(declare)).ConfigureAwait(false);
        }
        catch
        {
            Forget(name);
            throw;
        }
    }

    /// <summary>Has the next sender declare it again, because somebody has deleted it.</summary>
    public void Forget(string name) => _declared.TryRemove(name, out _);

    /// <summary>Runs work on a channel of its own: what fails there closes that channel alone.</summary>
    public async Task RunAsync(Func<IChannel, Task> work)
    {
        var channel = await _connection.CreateChannelAsync(cancellationToken: CancellationToken.None).ConfigureAwait(false);
        try
        {
            await work(channel).ConfigureAwait(false);
        }
        finally
        {
            _ = CloseAsync(channel);
        }
    }

    /// <summary>Closes the connection beside the caller: a broker that has frozen never answers.</summary>
    public void Dispose() => _ = CloseAsync(_connection);

    private static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(LongestClose).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task CloseAsync(IChannel channel)
    {
        try
        {
            await channel.AbortAsync().ConfigureAwait(false);
            await channel.DisposeAsync().ConfigureAwait(false);
        }
        catch (RabbitMQClientException)
        {
            // It goes with the connection.
        }
    }

    private Task OnBlocked(object sender, ConnectionBlockedEventArgs args)
    {
        if (Interlocked.CompareExchange(ref _blocked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null) is null)
        {
            _tellBlocked(args.Reason);
        }

        return Task.CompletedTask;
    }

    private Task OnUnblocked(object sender, AsyncEventArgs args)
    {
        if (Interlocked.Exchange(ref _blocked, null) is { } blocked)
        {
            _tellBlocked(null);
            blocked.TrySetResult();
        }

        return Task.CompletedTask;
    }

    private Task OnShutdown(object sender, ShutdownEventArgs args)
    {
        Interlocked.Exchange(ref _blocked, null)?.TrySetResult();
        return Task.CompletedTask;
    }
}
