using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SagaFlow.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.Storage;

namespace SagaFlow.Tests.Workflows;

/// <summary>The whole embedded engine on its real in-memory bus, with a worker that answers by hand.</summary>
public sealed class EmbeddedEngineTests
{
    [Fact]
    [Trait("Req", "T3")]
    public async Task A_workflow_runs_to_its_result_and_a_client_awaits_it()
    {
        using var folder = new TemporaryFolder();
        using var host = await StartAsync(folder, Answer);
        var client = host.Services.GetRequiredService<IWorkflowClient>();

        var receipt = await client.StartAsync("order", new OrderPlaced("A-1", "lamp"));
        var result = await client.GetResultAsync<OrderShipped>(receipt.WorkflowId!.Value).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(Disposition.Applied, receipt.Disposition);
        Assert.Equal(new OrderShipped("lamp", "P-1"), result);
        await host.StopAsync();
    }

    private static string Answer(ActivityRequest request) => request.Activity switch
    {
        "Reserve" => """{"shelf":"S-7"}""",
        _ => """{"parcel":"P-1"}""",
    };

    private static async Task<IHost> StartAsync(TemporaryFolder folder, Func<ActivityRequest, string> answer)
    {
        var builder = Host.CreateApplicationBuilder();
        if (Environment.GetEnvironmentVariable("SAGAFLOW_TEST_LOG") is null) builder.Logging.ClearProviders(); else builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSagaFlow(flow => flow
            .AddWorkflow<OrderWorkflow, OrderInstance>()
            .UseSqlite(folder.File("flow.db")));
        builder.Services.AddSagaFlowClient();
        var host = builder.Build();
        await host.StartAsync();
        var bus = host.Services.GetRequiredService<IBus>();
        var raw = host.Services.GetRequiredService<IRawBus>();
        var names = host.Services.GetRequiredService<BusNames>();
        var handle = bus.ConnectReceiveEndpoint(names.TaskQueue("default"), endpoint => RawEndpoint.Configure(
            endpoint,
            async (message, cancellationToken) =>
            {
                Assert.True(WireJson.TryReadRequest(message.Body, out var request, out _));
                var reply = new ActivityAnswer
                {
                    Kind = AnswerKind.Completed,
                    TaskToken = request.TaskToken,
                    Result = System.Text.Json.JsonDocument.Parse(answer(request)).RootElement,
                };
                await raw.SendAsync(names.Answers, new RawMessage { Body = WireJson.Write(reply) }, cancellationToken);
            },
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        await handle.Ready;
        return host;
    }
}
