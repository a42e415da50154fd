namespace SagaFlow.Tests;

/// <summary>Waits for something that other threads do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="OperationCanceledException">It did not happen in time.</exception>
    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }
}
