using Microsoft.Extensions.Logging;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Dispatch;

/// <summary>Says that messages cannot be sent: at the first, and then every half minute, however many they are.</summary>
internal sealed class SendFailures(TimeProvider clock, ILogger<SendFailures> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private int _count;
    private long? _saidAt;

    public void Note(OutgoingMessage message, Exception exception)
    {
        int count;
        lock (_lock)
        {
            _count++;
            if (_saidAt is { } saidAt && clock.GetElapsedTime(saidAt) < Interval)
            {
                return;
            }

            (count, _count, _saidAt) = (_count, 0, clock.GetTimestamp());
        }

        logger.SendingInterrupted(count, message.Kind, message.Destination, exception);
    }
}
