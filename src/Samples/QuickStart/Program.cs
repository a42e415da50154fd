using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using QuickStart;
using SagaFlow;
using SagaFlow.Client;
using SagaFlow.Worker;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.AddSagaFlow(flow => flow.AddWorkflow<OrderWorkflow, OrderInstance>().UseSqlite("orders.db"));
builder.Services.AddSagaFlowWorker(worker =>
{
    worker.AddHandler<ChargeHandler>().OnTaskQueue("payments");
    worker.AddHandler<ShipHandler>().OnTaskQueue("warehouse");
});
builder.Services.AddSagaFlowClient();

using var host = builder.Build();
await host.StartAsync();
var workflows = host.Services.GetRequiredService<IWorkflowClient>();
var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;   // Ctrl-C ends the waiting, not the workflow

// The same order placed twice is one workflow: its number is the business key.
var receipt = await workflows.StartAsync("order", new OrderPlaced("A-1001", "reading lamp", 49.90m));
var shipped = await workflows.GetResultAsync<OrderShipped>(receipt.WorkflowId!.Value, stopping);
Console.WriteLine($"Order {shipped!.Number} left as parcel {shipped.ParcelId}");
await host.StopAsync();
