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
    AnswerIngress ingress, Quarantine quarantine, IQuarantine store, Replies replies, IRawBus bus, BusNames names, TransportTraits transport,
    UnknownAnswerWait wait, TimeProvider clock, ILogger<UnknownAnswers> logger)
    : IDisposable
{
    public const int MostWaiting = 256;

    private const int MostRepeats = 16;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Waiting> _waiting = [];
    private bool _isDisposed;

    /// <summary>Puts the answer aside and gives the receipt that can be given now; <see langword="null"/> when it comes later.</summary>
    public async Task<Receipt?> SettleAsync(RawMessage message, ActivityAnswer answer, Receipt first, CancellationToken cancellationToken)
    {
        if (wait.Duration == TimeSpan.Zero)
        {
            return first;
        }

        // The bytes are the transport's again once the delivery is settled.
        var kept = message with { Body = message.Body.ToArray() };
        var key = WireIds.DerivedAnswer(answer);
        if (IsRepeatedTooOften(key))
        {
            return first;
        }

        var (waiting, isNew) = Join(key, kept);
        if (!isNew)
        {
            return waiting is null ? await PutAsideAsync(kept, first, cancellationToken) : null;
        }

        try
        {
            var id = await quarantine.AddAsync(names.Answers, kept, Reason(first), cancellationToken);
            _ = WaitAsync(id, waiting!, answer, first);
            return null;
        }
        catch
        {
            Leave(waiting!);
            throw;
        }
    }

    /// <summary>Gives back what waits, so that another engine tries it. What a transport would forget stays aside.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Task[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting.Values.Select(x => x.Done.Task)];
        }

        if (!_isDisposed)
        {
            await _stopping.CancelAsync();
        }

        await Task.WhenAll(waiting).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _isDisposed = true;
        _stopping.Dispose();
    }

    private async Task<Receipt> PutAsideAsync(RawMessage message, Receipt receipt, CancellationToken cancellationToken)
    {
        await quarantine.AddAsync(names.Answers, message, Reason(receipt), cancellationToken);
        return receipt;
    }

    // It is aside already, and enough copies of it wait for their receipt.
    private bool IsRepeatedTooOften(Guid key)
    {
        lock (_gate)
        {
            return _waiting.TryGetValue(key, out var waiting) && waiting.Asked.Count >= MostRepeats;
        }
    }

    // Who sends the same answer again while it waits gets the same receipt; it is not put aside twice.
    private (Waiting? Waiting, bool IsNew) Join(Guid key, RawMessage message)
    {
        lock (_gate)
        {
            if (_waiting.TryGetValue(key, out var waiting))
            {
                waiting.Asked.Add(message);
                return (waiting, false);
            }

            return _waiting.Count >= MostWaiting || _stopping.IsCancellationRequested ? (null, false) : (_waiting[key] = new Waiting(key, message), true);
        }
    }

    private IReadOnlyList<RawMessage> Leave(Waiting waiting)
    {
        lock (_gate)
        {
            _waiting.Remove(waiting.Key);
            waiting.Done.TrySetResult();
            return [.. waiting.Asked.Take(MostRepeats)];
        }
    }

    private async Task WaitAsync(Guid id, Waiting waiting, ActivityAnswer answer, Receipt receipt)
    {
        try
        {
            receipt = await TryAgainAsync(answer, receipt);
            if (receipt.Disposition is not Disposition.UnknownWorkflow)
            {
                await store.RemoveAsync(id, CancellationToken.None);
            }

            foreach (var message in Leave(waiting))
            {
                await replies.SendAsync(message, WireJson.Write(receipt), CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await GiveBackAsync(id, waiting.Asked[0]);
        }
        catch (Exception exception)
        {
            logger.UnknownAnswerLeftAside(exception);
        }
        finally
        {
            Leave(waiting);
        }
    }

    private async Task<Receipt> TryAgainAsync(ActivityAnswer answer, Receipt receipt)
    {
        var began = clock.GetTimestamp();
        for (var i = 0; receipt.Disposition is Disposition.UnknownWorkflow && LeftSince(began) is var left && left > TimeSpan.Zero; i++)
        {
            var pause = Pauses[Math.Min(i, Pauses.Length - 1)];
            await Task.Delay(pause < left ? pause : left, clock, _stopping.Token);
            receipt = await AcceptAsync(answer, receipt);
        }

        return receipt;
    }

    // A failover is when workflows are unknown: that the database is away for a moment must not end the trying.
    private async Task<Receipt> AcceptAsync(ActivityAnswer answer, Receipt last)
    {
        try
        {
            return await ingress.AcceptAsync(answer, _stopping.Token);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.UnknownAnswerNotTried(exception);
            return last;
        }
    }

    // In memory, there is no other engine, and the queue ends with this process: given back, the answer would be nowhere.
    private async Task GiveBackAsync(Guid id, RawMessage message)
    {
        if (!transport.KeepsMessages)
        {
            logger.UnknownAnswerKeptAside(id);
            return;
        }

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

    private static string Reason(Receipt receipt) => $"unknown_workflow: {receipt.Detail}";

    /// <summary>One answer that waits, with everybody who sent it.</summary>
    private sealed class Waiting(Guid key, RawMessage first)
    {
        public Guid Key => key;

        public List<RawMessage> Asked { get; } = [first];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
