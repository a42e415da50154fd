using Microsoft.Extensions.Logging;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>The session that all slots of a queue share: the first that needs one opens it, and all hear when that fails.</summary>
internal sealed class RabbitMqSharedSession(string queue, Func<CancellationToken, Task<RabbitMqConsumerSession>> open, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<RabbitMqConsumerSession>? _session;
    private string? _said;

    /// <summary>Gets the open session, or opens one.</summary>
    public Task<RabbitMqConsumerSession> GetAsync()
    {
        lock (_lock)
        {
            return _session is { } session && IsUsable(session) ? session : _session = OpenAsync();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        lock (_lock)
        {
            if (_session is { IsCompletedSuccessfully: true } session)
            {
                session.Result.Dispose();
            }
        }
    }

    private static bool IsUsable(Task<RabbitMqConsumerSession> session) =>
        !session.IsCompleted || (session.IsCompletedSuccessfully && !session.Result.Ended.IsCompleted);

    private async Task<RabbitMqConsumerSession> OpenAsync()
    {
        // Not under the caller's lock.
        await Task.Yield();
        try
        {
            var session = await open(_closing.Token).ConfigureAwait(false);
            _said = null;
            _ = WatchAsync(session);
            return session;
        }
        catch (Exception exception)
        {
            Say(RabbitMqErrors.Describe(exception));
            throw;
        }
    }

    private async Task WatchAsync(RabbitMqConsumerSession session)
    {
        if (_closing.IsCancellationRequested)
        {
            session.Dispose();
        }

        Say(await session.Ended.ConfigureAwait(false));
        session.Dispose();
    }

    // Each reason once, however often it is tried again.
    private void Say(string reason)
    {
        if (!_closing.IsCancellationRequested && Interlocked.Exchange(ref _said, reason) != reason)
        {
            logger.ConsumerInterrupted(queue, reason);
        }
    }
}
