using Quartz;
using Quartz.Extensibility;

namespace SagaFlow.Timeouts;

/// <summary>Makes the one job that this scheduler knows.</summary>
internal sealed class DueSweepJobFactory(Func<DueSweepJob> create) : IJobFactory
{
    public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new JobScope(create(), null));

    public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
