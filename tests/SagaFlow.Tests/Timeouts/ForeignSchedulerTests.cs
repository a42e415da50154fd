using Microsoft.Extensions.Hosting;
using Quartz;
using Quartz.Extensibility;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Timeouts;

/// <summary>An application that runs jobs of its own with Quartz, and engines beside them in the same process.</summary>
public sealed class ForeignSchedulerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Req", "P12")]
    public async Task An_application_s_own_jobs_run_before_during_and_after_engines_of_the_same_process()
    {
        using var folder = new TemporaryFolder();
        using var own = new OwnJobs();
        var scheduler = await StartOwnSchedulerAsync(own);

        await own.RunsAgainAsync();
        using var first = await NapEngine.StartAsync(folder.File("first.db"));
        using var second = await NapEngine.StartAsync(folder.File("second.db"));
        Assert.Equal(("Ann", "Bob"), (await NapEngine.NapAsync(first, "Ann"), await NapEngine.NapAsync(second, "Bob")));
        await own.RunsAgainAsync();
        await first.StopAsync();
        Assert.Equal("Cleo", await NapEngine.NapAsync(second, "Cleo"));
        await second.StopAsync();
        await own.RunsAgainAsync();

        Assert.Equal([OwnJob.Name], own.Made);
        await scheduler.Shutdown(waitForJobsToComplete: true);
    }

    private static async Task<IScheduler> StartOwnSchedulerAsync(OwnJobs own)
    {
        var scheduler = await QuartzSchedulerBuilder
            .Create(quartz =>
            {
                quartz.UseInMemoryStore();
                quartz.UseDefaultThreadPool(1);
                quartz.UseJobFactory(own);
            })
            .BuildScheduler();
        var often = TriggerBuilder.Create().StartNow().WithSimpleSchedule(x => x.WithInterval(TimeSpan.FromMilliseconds(20)).RepeatForever()).Build();
        await scheduler.ScheduleJob(JobBuilder.Create<OwnJob>().WithIdentity(OwnJob.Name).Build(), often);
        await scheduler.Start();
        return scheduler;
    }

    private sealed class OwnJob(OwnJobs jobs) : IJob
    {
        public const string Name = "the application's own";

        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
        {
            jobs.Ran();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Makes the application's jobs, and counts how often they run.</summary>
    private sealed class OwnJobs : IJobFactory, IDisposable
    {
        private readonly HashSet<string> _made = [];
        private readonly SemaphoreSlim _ran = new(0);

        public IEnumerable<string> Made => _made;

        public void Ran() => _ran.Release();

        /// <summary>Waits for two runs from now on: one may have been under way.</summary>
        public async Task RunsAgainAsync()
        {
            while (_ran.Wait(0))
            {
                // Of earlier.
            }

            Assert.True(await _ran.WaitAsync(Patience) && await _ran.WaitAsync(Patience), "The application's job does not run any more");
        }

        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken)
        {
            _made.Add(bundle.JobDetail.Key.Name);
            return ValueTask.FromResult(new JobScope(new OwnJob(this), null));
        }

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public void Dispose() => _ran.Dispose();
    }
}
