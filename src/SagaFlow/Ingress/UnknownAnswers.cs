using SagaFlow.Client.Bus;
using SagaFlow.Contracts;

namespace SagaFlow.Ingress;

/// <summary>Tries a genuine answer again whose workflow the store does not know, as after a database was restored or failed over; then
/// puts it aside, from where it can be sent again.</summary>
/// <remarks>A waiting answer holds its delivery. Only so many may wait that the others always have room: beyond, an answer is put aside at once.</remarks>
internal sealed class UnknownAnswers(AnswerIngress ingress, Quarantine quarantine, BusNames names, UnknownAnswerWait wait, TimeProvider clock)
    : IDisposable
{
    public const int MostWaiting = 64;

    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    private readonly CancellationTokenSource _stopping = new();
    private int _waiting;

    public async Task<Receipt> SettleAsync(RawMessage message, ActivityAnswer answer, Receipt first, CancellationToken cancellationToken)
    {
        if (wait.Duration == TimeSpan.Zero)
        {
            return first;
        }

        var last = await TryAgainAsync(answer, first, cancellationToken);
        if (last.Disposition is Disposition.UnknownWorkflow)
        {
            await quarantine.AddAsync(names.Answers, message, $"unknown_workflow: {last.Detail}", cancellationToken);
        }

        return last;
    }

    /// <summary>Gives back what waits: an engine that stops must not wait for it.</summary>
    public void StopWaiting() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    private async Task<Receipt> TryAgainAsync(ActivityAnswer answer, Receipt receipt, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, cancellationToken);
        var began = clock.GetTimestamp();
        try
        {
            var hasRoom = Interlocked.Increment(ref _waiting) <= MostWaiting;
            for (var i = 0; hasRoom && receipt.Disposition is Disposition.UnknownWorkflow && LeftSince(began) > TimeSpan.Zero; i++)
            {
                var pause = Pauses[Math.Min(i, Pauses.Length - 1)];
                await Task.Delay(pause < LeftSince(began) ? pause : LeftSince(began), clock, either.Token);
                receipt = await ingress.AcceptAsync(answer, either.Token);
            }

            return receipt;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private TimeSpan LeftSince(long began) => wait.Duration - clock.GetElapsedTime(began);
}
