using Quartz;
using SagaFlow.Hosting;
#if SAGAFLOW_FAULTS
using SagaFlow.Client.Faults;
#endif

namespace SagaFlow.Timeouts;

/// <summary>What Quartz runs when it rings: one sweep. Two never run at once; one that fails is made up for by the next.</summary>
[DisallowConcurrentExecution]
internal sealed class DueSweepJob(DueSweep sweep, EnginePulse pulse, AlarmClock alarm) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await sweep.RunAsync(cancellationToken, pulse.CheckAsync);
            await alarm.ArmNextAsync(cancellationToken);
            alarm.NoteSwept();
#if SAGAFLOW_FAULTS
            FaultPoints.Pass(FaultPoint.Swept, alarm.Forget);
#endif
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            alarm.NoteSweepFailed(exception);
        }
    }
}
