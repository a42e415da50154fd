using System.Collections.Concurrent;
using System.Threading.Channels;
using SagaFlow.Client.Bus;

namespace SagaFlow.Tests.Worker;

/// <summary>A broker in the test's hands: it refuses, breaks and delivers when it is told to.</summary>
internal sealed class ScriptedSlots : ISlotSource, ISlotConsumer
{
    private readonly Channel<RawMessage> _deliveries = Channel.CreateUnbounded<RawMessage>();
    private TaskCompletionSource<RawMessage> _broken = NewBreak();
    private int _consumers;
    private int _acknowledged;

    /// <summary>Errors that the next tries to consume get, in order.</summary>
    public ConcurrentQueue<Exception> Refusals { get; } = [];

    /// <summary>What each try to consume waits for.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>How many tries to consume there were.</summary>
    public int Tries { get; private set; }

    public int Consumers => Volatile.Read(ref _consumers);

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public static ConsumeException Refusal => new("edi", "the broker is away", null);

    /// <summary>Ends what is consumed now: by default as a broker does.</summary>
    public void Break(Exception? error = null)
    {
        var broken = Interlocked.Exchange(ref _broken, NewBreak());
        broken.SetException(error ?? Refusal);
    }

    public void Deliver(RawMessage message) => Assert.True(_deliveries.Writer.TryWrite(message));

    public Task<ISlotConsumer> OpenAsync(string queue, CancellationToken cancellationToken) => Task.FromResult<ISlotConsumer>(this);

    public async Task ConsumeAsync(SlotReceiver receive, Action consuming, CancellationToken leaving)
    {
        Tries++;
        if (Refusals.TryDequeue(out var refusal))
        {
            throw refusal;
        }

        await Ready.WaitAsync(leaving);
        consuming();
        Interlocked.Increment(ref _consumers);
        try
        {
            while (true)
            {
                var busy = await receive(await NextAsync(leaving), leaving);
                Interlocked.Increment(ref _acknowledged);
                await busy;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _consumers);
        }
    }

    private async Task<RawMessage> NextAsync(CancellationToken leaving)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leaving);
        var reading = _deliveries.Reader.ReadAsync(either.Token).AsTask();
        var first = await Task.WhenAny(reading, _broken.Task);
        await either.CancelAsync();
        return await first;
    }

    private static TaskCompletionSource<RawMessage> NewBreak() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
