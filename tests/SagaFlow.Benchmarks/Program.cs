using System.CommandLine;
using SagaFlow.Benchmarks;

var handlers = new Option<int>("--handlers") { Description = "How many handlers run at once", DefaultValueFactory = _ => 200 };
var rabbitMq = new Option<string?>("--rabbitmq") { Description = "A broker's address, in place of the bus in memory" };
var pushCancel = new Command("push-cancel", "Measures from a workflow's cancellation to the token of the handler that works for it") { handlers, rabbitMq };
pushCancel.SetAction((arguments, cancellationToken) => PushCancel.RunAsync(arguments.GetValue(handlers), arguments.GetValue(rabbitMq), cancellationToken));
return await new RootCommand("Measurements of SagaFlow") { pushCancel }.Parse(args).InvokeAsync();
