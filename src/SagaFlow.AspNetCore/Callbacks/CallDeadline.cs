namespace SagaFlow.AspNetCore.Callbacks;

/// <summary>How long one call may take: until its deadline, and only for a moment while the database is known to be away.</summary>
internal sealed class CallDeadline : IDisposable
{
    private readonly CallbackLimits _limits;
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _either;
    private readonly ITimer _look;

    /// <param name="limits">The times.</param>
    /// <param name="hold">How long the answer may be held back on purpose.</param>
    /// <param name="clock">Their clock.</param>
    /// <param name="aborted">Tells that the caller has gone.</param>
    public CallDeadline(CallbackLimits limits, TimeSpan hold, TimeProvider clock, CancellationToken aborted)
    {
        _limits = limits;
        _deadline = new CancellationTokenSource(limits.AnswerTimeout + hold, clock);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, aborted);
        _look = clock.CreateTimer(_ => Look(), null, limits.AwayTimeout, limits.AwayTimeout);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _look.Dispose();
        _either.Dispose();
        _deadline.Dispose();
    }

    private void Look()
    {
        try
        {
            if (_limits.IsStoreAway())
            {
                _deadline.Cancel();
            }
        }
        catch (ObjectDisposedException)
        {
            // The call ended meanwhile.
        }
    }
}
