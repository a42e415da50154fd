namespace SagaFlow.IntegrationTests.RabbitMq;

/// <summary>Waits for what other processes do: there is no clock to advance here.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        HoldsAsync(condition, () => Task.FromResult(what), limit);

    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<Task<string>> describe, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            if (deadline.IsCancellationRequested)
            {
                Assert.Fail($"It did not come to it that {await describe()}");
            }

            await Task.Delay(Interval, TimeProvider.System);
        }
    }
}
