using System.Threading.Channels;

namespace DataRouting.Transmission;

/// <summary>Acknowledges with each token when its time has come, and again while nobody answers.</summary>
public sealed class AcknowledgementCalls(IAcknowledgements acknowledgements, TransmitJournal journal) : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public void Start(IReadOnlyList<PendingAcknowledgement> pending, ChannelReader<PendingAcknowledgement> accepted) =>
        _loop = RunAsync(pending, accepted);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        await acknowledgements.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync(IReadOnlyList<PendingAcknowledgement> pending, ChannelReader<PendingAcknowledgement> accepted)
    {
        var calls = pending.Select(CallAsync).ToList();
        await foreach (var next in accepted.ReadAllAsync())
        {
            calls.Add(CallAsync(next));
        }

        await Task.WhenAll(calls);
    }

    private async Task CallAsync(PendingAcknowledgement pending)
    {
        if (pending.DueAt is not { } dueAt)
        {
            return;
        }

        try
        {
            await WaitUntilAsync(dueAt);
            journal.Calling(pending);
            string? disposition;
            while ((disposition = await acknowledgements.TryAcknowledgeAsync(pending.TaskToken, _stopping.Token)) is null)
            {
                await Task.Delay(PauseAfterFailure, TimeProvider.System, _stopping.Token);
            }

            journal.Acknowledged(pending, disposition);
        }
        catch (OperationCanceledException)
        {
            // The journal says that it is still owed; the next run of the service calls.
        }
    }

    private Task WaitUntilAsync(DateTimeOffset dueAt)
    {
        var wait = dueAt - TimeProvider.System.GetUtcNow();
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, TimeProvider.System, _stopping.Token);
    }
}
