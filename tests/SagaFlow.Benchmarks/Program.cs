using System.CommandLine;
using SagaFlow.Benchmarks;

var root = new RootCommand("Measurements of SagaFlow") { Commands.PushCancel(), Commands.Async(), Commands.Timers(), Commands.Beats(), Commands.Recover() };
foreach (var role in Roles.All)
{
    root.Add(role);
}

return await root.Parse(args).InvokeAsync();
