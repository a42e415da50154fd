using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>The one connection that this process publishes on, beside the bus: it is opened when it is needed and replaced when it is suspect.</summary>
/// <remarks>The bus's own connection consumes. A broker whose memory is full stops reading from connections that publish; on a shared one it
/// would no longer read acknowledgements either.</remarks>
internal sealed class RabbitMqLinks : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ConnectionFactory _factory;
    private readonly TimeProvider _clock;
    private readonly ILogger<RabbitMqLinks> _logger;
    private readonly string _name;
    private RabbitMqLink? _link;
    private Task<RabbitMqLink>? _opening;
    private (Exception Reason, long At)? _failure;
    private volatile bool _isDisposed;

    public RabbitMqLinks(IBusInstance bus, BusNames names, TimeProvider clock, ILogger<RabbitMqLinks> logger)
    {
        var settings = RabbitMqTransport.SettingsOf(bus) ?? throw new InvalidOperationException("The bus is not on RabbitMQ.");
        _factory = settings.GetConnectionFactory();
        WatchedSocket.Watch(_factory, clock);
        Address = settings.ToDescription();
        _name = $"{names.Prefix} publisher of {Environment.MachineName}";
        (_clock, _logger) = (clock, logger);
    }

    /// <summary>The broker, for people: user, host, port and virtual host.</summary>
    public string Address { get; }

    /// <summary>Whether the last attempt to reach the broker failed: then there is no use in trying many messages.</summary>
    public bool IsDown => _failure is not null;

    public bool IsBlocked => _link is { IsBlocked: true };

    /// <summary>A factory for connections of somebody else's to the same broker.</summary>
    public ConnectionFactory Factory => _factory;

    /// <summary>Gets the open connection, or opens one.</summary>
    /// <exception cref="Exception">The broker cannot be reached. For a second the same failure is given again, so that a thousand messages
    /// are not a thousand attempts.</exception>
    /// <remarks>Who gives up ends only his own wait: the connection may be open for the next one.</remarks>
    public Task<RabbitMqLink> GetAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _link) is { IsOpen: true } open)
        {
            return Task.FromResult(open);
        }

        lock (_lock)
        {
            _opening = _opening is { IsCompleted: false } ? _opening : ReplaceAsync();
            return _opening.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Gets the open connection, or opens one, for a start.</summary>
    /// <exception cref="SagaFlowException">The broker is there and says no.</exception>
    /// <exception cref="ServerAwayException">It cannot be reached.</exception>
    public async Task<RabbitMqLink> EnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw RabbitMqErrors.IsRefusal(exception)
                ? new SagaFlowException(
                    $"RabbitMQ at {Address} refuses the connection: {RabbitMqErrors.Describe(exception)}. Check user, password and virtual host of the RabbitMQ address.",
                    exception)
                : Away(exception);
        }
    }

    /// <summary>Closes a connection on which something did not come back; the next sender opens another.</summary>
    public void Drop(RabbitMqLink? suspect = null)
    {
        var current = Volatile.Read(ref _link);
        if (current is not null && (suspect is null || ReferenceEquals(current, suspect)) && Interlocked.CompareExchange(ref _link, null, current) == current)
        {
            current.Dispose();
        }
    }

    /// <summary>Opens a connection and closes it again: whether the broker answers now.</summary>
    public async Task<bool> AnswersAsync()
    {
        try
        {
            using var probe = await OpenAsync(_name + " (probe)", _ => { }).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is RabbitMQClientException or TimeoutException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        Drop();
    }

    private ServerAwayException Away(Exception reason) => new($"RabbitMQ at {Address} cannot be reached: {RabbitMqErrors.Describe(reason)}", reason);

    private void TellBlocked(string? reason)
    {
        if (reason is null)
        {
            _logger.BrokerTakesMessages(Address);
        }
        else
        {
            _logger.BrokerBlocked(Address, reason.ReplaceLineEndings(" "));
        }
    }

    private async Task<RabbitMqLink> ReplaceAsync()
    {
        // Not under the caller's lock.
        await Task.Yield();
        if (Volatile.Read(ref _link) is { IsOpen: true } meanwhile)
        {
            return meanwhile;
        }

        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Drop();
        if (_failure is { } failure && _clock.GetElapsedTime(failure.At) < PauseAfterFailure)
        {
            throw Away(failure.Reason);
        }

        try
        {
            var link = await OpenAsync(_name, TellBlocked).ConfigureAwait(false);
            if (_failure is not null)
            {
                _logger.BrokerReached(Address);
            }

            _failure = null;
            Keep(link);
            return link;
        }
        catch (Exception exception) when (!_isDisposed)
        {
            if (_failure is null)
            {
                _logger.BrokerUnreachable(Address, RabbitMqErrors.Describe(exception));
            }

            _failure = (exception, _clock.GetTimestamp());
            throw;
        }
    }

    private void Keep(RabbitMqLink link)
    {
        Volatile.Write(ref _link, link);
        if (_isDisposed)
        {
            Drop(link);
            throw new ObjectDisposedException(nameof(RabbitMqLinks));
        }
    }

    private async Task<RabbitMqLink> OpenAsync(string name, Action<string?> tellBlocked)
    {
        // Not canceled: the client would leave the socket behind.
        var opening = RabbitMqLink.OpenAsync(_factory, name, tellBlocked, CancellationToken.None);
        try
        {
            return await opening.WaitAsync(Deadline, _clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _ = CloseLateAsync(opening);
            throw;
        }
    }

    private static async Task CloseLateAsync(Task<RabbitMqLink> opening)
    {
        try
        {
            (await opening.ConfigureAwait(false)).Dispose();
        }
        catch (Exception)
        {
            // Then there is nothing to close. That the broker is away was said when the deadline passed.
        }
    }
}
