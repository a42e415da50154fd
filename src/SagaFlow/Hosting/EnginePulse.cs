using System.Diagnostics.CodeAnalysis;
using SagaFlow.Storage;

namespace SagaFlow.Hosting;

/// <summary>Says that this engine is alive. After a silence in which none was, the deadlines that passed get their grace first.</summary>
/// <remarks>A silence need not be a stop: a database that was away, or a process that was frozen, let deadlines pass as well while answers wait in the
/// queue. So whoever is about to ring deadlines asks here before, and nobody overwrites the instant at which the silence began.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that is disposed leaves its first waiter behind.")]
internal sealed class EnginePulse(IEngineRegister register, Recovery recovery, IAlarmStore alarms, IStoreClock clock, TimeProvider time)
{
    private readonly string _engineId = $"{Environment.MachineName}/{Environment.ProcessId}";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DateTimeOffset? _saidAt;

    /// <summary>Says that this engine is alive now.</summary>
    public Task SayAsync(CancellationToken cancellationToken) => InTurnAsync(always: true, cancellationToken);

    /// <summary>Makes sure that nothing rings whose grace is still to be given.</summary>
    public Task CheckAsync(CancellationToken cancellationToken) => InTurnAsync(always: false, cancellationToken);

    private async Task InTurnAsync(bool always, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (always || MayHaveBeenSilent)
            {
                await SayAfterSilenceAsync(always, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // Every sweep asks: the database is, only when it may matter. Half of the silence is room enough for a wrong estimate of its clock.
    private bool MayHaveBeenSilent => _saidAt is { } said && time.GetUtcNow() + clock.Ahead - said > Recovery.ShortestBlackout / 2;

    private async Task SayAfterSilenceAsync(bool always, CancellationToken cancellationToken)
    {
        var now = await clock.ReadAsync(cancellationToken);
        var wasSilent = _saidAt is { } said && now - said > Recovery.ShortestBlackout;
        if (wasSilent)
        {
            await recovery.MoveMissedDeadlinesAsync(alarms, cancellationToken);
            now = await clock.ReadAsync(cancellationToken);
        }

        if (wasSilent || always)
        {
            await register.SayAliveAsync(_engineId, now, cancellationToken);
            _saidAt = now;
        }
    }
}
