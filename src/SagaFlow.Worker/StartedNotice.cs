namespace SagaFlow.Worker;

/// <summary>Says <c>started</c> for an attempt that runs long enough to be worth a message.</summary>
internal sealed class StartedNotice(Func<Task> send, TimeSpan delay, TimeProvider timeProvider) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private Task _running = Task.CompletedTask;
    private bool _isSent;

    /// <summary>Begins to count. The timer goes on even while the handler blocks its thread.</summary>
    public void Begin() => _running = SendAfterDelayAsync();

    /// <summary>Notes, in place of <see cref="Begin"/>, that the engine knows already.</summary>
    public void IsKnown() => _isSent = true;

    /// <summary>Ends it: either it is sent when this returns, or it never will be.</summary>
    public Task EndAsync()
    {
        _over.Cancel();
        return _running;
    }

    /// <summary>Ends it and sends it now, unless it is sent already.</summary>
    public async Task SendNowAsync()
    {
        await EndAsync();
        if (!_isSent)
        {
            await SendAsync();
        }
    }

    public void Dispose() => _over.Dispose();

    private async Task SendAfterDelayAsync()
    {
        try
        {
            await Task.Delay(delay, timeProvider, _over.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await SendAsync();
    }

    private async Task SendAsync()
    {
        await send();
        _isSent = true;
    }
}
