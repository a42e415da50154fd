using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Storage;

namespace SagaFlow.Ingress;

/// <summary>Tries a genuine answer again whose workflow the store does not know, as after a database was restored or failed over.</summary>
/// <remarks>It is put aside at once and then tried from memory, so that no delivery is held: a broker takes back all deliveries of a channel that
/// holds one for too long. Only so many are tried; beyond, and after a crash, an answer stays aside, from where it can be sent again.</remarks>
internal sealed class UnknownAnswers(
    AnswerIngress ingress, Quarantine quarantine, IQuarantine store, Replies replies, IRawBus bus, BusNames names, UnknownAnswerWait wait,
    TimeProvider clock, ILogger<UnknownAnswers> logger)
    : IDisposable
{
    public const int MostWaiting = 256;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Guid, Task> _waiting = new();

    /// <summary>Puts the answer aside and gives the receipt that can be given now; <see langword="null"/> when it comes later.</summary>
    public async Task<Receipt?> SettleAsync(RawMessage message, ActivityAnswer answer, Receipt first, CancellationToken cancellationToken)
    {
        if (wait.Duration == TimeSpan.Zero)
        {
            return first;
        }

        var id = await quarantine.AddAsync(names.Answers, message, $"unknown_workflow: {first.Detail}", cancellationToken);
        if (_waiting.Count >= MostWaiting)
        {
            return first;
        }

        // The bytes are the transport's again once the delivery is settled.
        var kept = message with { Body = message.Body.ToArray() };
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = done.Task;
        _ = WaitAsync(id, kept, answer, first, done);
        return null;
    }

    /// <summary>Gives back what waits, so that another engine tries it.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_waiting.Values).WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WaitAsync(Guid id, RawMessage message, ActivityAnswer answer, Receipt receipt, TaskCompletionSource done)
    {
        try
        {
            receipt = await TryAgainAsync(answer, receipt);
            if (receipt.Disposition is not Disposition.UnknownWorkflow)
            {
                await store.RemoveAsync(id, CancellationToken.None);
            }

            await replies.SendAsync(message, WireJson.Write(receipt), CancellationToken.None);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await GiveBackAsync(id, message);
        }
        catch (Exception exception)
        {
            logger.UnknownAnswerLeftAside(exception);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
            done.SetResult();
        }
    }

    private async Task<Receipt> TryAgainAsync(ActivityAnswer answer, Receipt receipt)
    {
        var began = clock.GetTimestamp();
        for (var i = 0; receipt.Disposition is Disposition.UnknownWorkflow && LeftSince(began) > TimeSpan.Zero; i++)
        {
            var pause = Pauses[Math.Min(i, Pauses.Length - 1)];
            await Task.Delay(pause < LeftSince(began) ? pause : LeftSince(began), clock, _stopping.Token);
            receipt = await ingress.AcceptAsync(answer, _stopping.Token);
        }

        return receipt;
    }

    private async Task GiveBackAsync(Guid id, RawMessage message)
    {
        try
        {
            await bus.SendAsync(names.Answers, message, CancellationToken.None);
            await store.RemoveAsync(id, CancellationToken.None);
        }
        catch (Exception exception)
        {
            logger.UnknownAnswerLeftAside(exception);
        }
    }

    private TimeSpan LeftSince(long began) => wait.Duration - clock.GetElapsedTime(began);
}
