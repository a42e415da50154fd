using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Tests.Storage;
using SagaFlow.Worker;

namespace SagaFlow.Tests.Workflows;

/// <summary>Engine, worker and client on one in-memory bus: a cancellation reaches whoever works.</summary>
public sealed class CancellationOnBusTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly Site _site = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Req", "M4")]
    [Trait("Req", "P6")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Canceling_a_workflow_stops_the_handler_that_works_for_it(bool byKey)
    {
        using var host = await StartAsync();
        var client = host.Services.GetRequiredService<IWorkflowClient>();
        var started = await client.StartAsync("survey", new SurveyAsked("site-1") { NoHeartbeat = true });
        var id = started.WorkflowId!.Value;
        await _site.Running.Task.WaitAsync(Patience);

        var receipt = await (byKey ? client.CancelAsync("survey", "site-1", "sold") : client.CancelAsync(id, "sold"));
        await _site.Stopped.Task.WaitAsync(Patience);

        Assert.Equal(new Receipt(Disposition.Applied, WorkflowId: id), receipt);
        var end = await Assert.ThrowsAsync<WorkflowFailedException>(() => client.GetResultAsync<string>(id));
        Assert.Equal(("Canceled", "sold"), (end.Status, end.Failure?.Message));
        Assert.Equal(Disposition.Duplicate, (await client.CancelAsync(id)).Disposition);
        Assert.Equal(Disposition.UnknownWorkflow, (await client.CancelAsync("survey", "site-2", null)).Disposition);
        await host.StopAsync();
    }

    [Fact]
    [Trait("Req", "T21")]
    public async Task A_workflow_s_own_deadline_rings_on_the_clock_of_the_machine()
    {
        using var host = await StartAsync();
        var client = host.Services.GetRequiredService<IWorkflowClient>();

        var started = await client.StartAsync("survey", new SurveyAsked("site-1") { NoHeartbeat = true, LimitSeconds = 0.5 });

        var end = await Assert.ThrowsAsync<WorkflowFailedException>(
            () => client.GetResultAsync<string>(started.WorkflowId!.Value).WaitAsync(Patience));
        Assert.Equal(("TimedOut", "WorkflowTimeout"), (end.Status, end.Failure?.Type));
        await _site.Stopped.Task.WaitAsync(Patience);
        await host.StopAsync();
    }

    private async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_site);
        builder.Services.AddSagaFlow(flow => flow.AddWorkflow<SurveyWorkflow, SurveyInstance>().UseSqlite(_folder.File("flow.db")));
        builder.Services.AddSagaFlowWorker(worker => worker.AddHandler<SurveyHandler>("Survey").OnTaskQueue("field"));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private sealed class Site
    {
        public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class SurveyHandler(Site site) : IActivityHandler<string, string>
    {
        public async Task<ActivityOutcome<string>> HandleAsync(ActivityExecutionContext<string> context, CancellationToken cancellationToken)
        {
            site.Running.TrySetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }
            finally
            {
                site.Stopped.TrySetResult();
            }

            return ActivityOutcome.Pending;
        }
    }
}
