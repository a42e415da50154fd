using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Benchmarks.Beats;
using SagaFlow.Benchmarks.Broker;
using SagaFlow.Benchmarks.Processes;
using SagaFlow.Benchmarks.Timers;
using SagaFlow.Worker;

namespace SagaFlow.Benchmarks.AsyncPath;

/// <summary>The engine and the worker that are measured, as an application would write them.</summary>
internal static class SagaFlowRoles
{
    // Each waits for two confirms before it takes the next request: enough that the worker is never what limits.
    private const int Slots = 256;

    public static Task<int> RunEngineAsync()
    {
        var builder = NewBuilder();
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<MeasuredWorkflow, MeasuredInstance>(Names.WorkflowType)
            .AddWorkflow<TimedWorkflow, TimedInstance>()
            .AddWorkflow<BeatingWorkflow, BeatingInstance>()
            .UseRabbitMq(RoleHost.RabbitMq)
            .UsePostgres(RoleHost.Postgres)
            .UseTokenKeys(keys => keys.Keys["k1"] = MeasuredKey.Base64));
        return RoleHost.RunAsync(builder.Build());
    }

    public static async Task<int> RunWorkerAsync()
    {
        await using var broker = await RawBroker.OpenAsync(RoleHost.RabbitMq, "handover");
        await broker.DeclareAsync(Names.Completer);
        var builder = NewBuilder();
        builder.Services.AddSingleton(broker);
        builder.Services.AddSagaFlowWorker(worker => worker
            .UseRabbitMq(RoleHost.RabbitMq)
            .AddHandler<WorkHandover>("Work").OnTaskQueue("default")
            .Configure(options => options.SlotsPerTaskQueue = Slots));
        return await RoleHost.RunAsync(builder.Build());
    }

    private static HostApplicationBuilder NewBuilder()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
        return builder;
    }
}

/// <summary>Hands the token to the completer and leaves.</summary>
internal sealed class WorkHandover(RawBroker broker) : IActivityHandler<WorkArguments, WorkResult>
{
    private static readonly string Answers = new Names(Names.SagaFlow).Answers;

    public async Task<ActivityOutcome<WorkResult>> HandleAsync(ActivityExecutionContext<WorkArguments> context, CancellationToken cancellationToken)
    {
        await broker.PublishAsync(Names.Completer, "", Handover.Write(context.TaskToken, Answers));
        return ActivityOutcome.Pending;
    }
}
