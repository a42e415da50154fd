using System.CommandLine;
using SagaFlow.Faults;

var each = new Option<int>("--each") { Description = "How often each kind of fault is injected", DefaultValueFactory = _ => 2 };
var workflows = new Option<int>("--workflows") { Description = "How many workflows are started at least", DefaultValueFactory = _ => 300 };
var seed = new Option<int>("--seed") { Description = "Picks the order of the faults, their targets and their moments", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--only") { Description = "Only kinds whose name holds this" };
var report = new Option<FileInfo?>("--report") { Description = "Writes the report: JSON here, and a table beside it that ends with .md" };
var keep = new Option<DirectoryInfo?>("--keep") { Description = "Where the processes' logs of a run that failed are kept" };

var command = new RootCommand("Breaks a running SagaFlow deployment in every way it can, and judges what is left when it is whole again")
{
    each, workflows, seed, only, report, keep,
};
command.SetAction((x, token) => FaultRun.RunAsync(
    new RunOptions(x.GetValue(each), x.GetValue(workflows), x.GetValue(seed), x.GetValue(only), x.GetValue(report), x.GetValue(keep)), token));

// A run that is interrupted ends the servers that it started.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
