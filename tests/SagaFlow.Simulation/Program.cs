using System.CommandLine;
using SagaFlow.Simulation.Commands;

var level = new Option<int>("--level") { Description = "1: the core in a simulated world; 2: the real pipe on SQLite, or with --postgres on PostgreSQL", DefaultValueFactory = _ => 1 };
var workflows = new Option<long>("--workflows") { Description = "How many workflows to simulate", DefaultValueFactory = _ => 100_000 };
var seed = new Option<ulong>("--seed") { Description = "The first seed", DefaultValueFactory = _ => 1 };
var workers = new Option<int>("--workers") { Description = "How many worlds run at once", DefaultValueFactory = _ => Environment.ProcessorCount };
var replay = new Option<FileInfo?>("--replay") { Description = "Plays one saved case and tells its events" };
var regressions = new Option<DirectoryInfo?>("--regressions") { Description = "Plays every saved case of a folder" };
var mutants = new Option<bool>("--mutants") { Description = "Switches each planted bug on and looks how soon it is caught; needs -c Mutants" };
var only = new Option<string?>("--only") { Description = "With --mutants: only bugs whose name holds this" };
var answers = new Option<long?>("--answers") { Description = "Sends so many changed answers through the real ingress" };
var postgres = new Option<string?>("--postgres") { Description = "With --level 2: a connection string of somebody who may create schemas" };
var report = new Option<FileInfo?>("--report") { Description = "Writes the report as JSON" };

var command = new RootCommand("Simulates SagaFlow in worlds made from seeds, and judges every commit by an oracle of its own")
{
    level, workflows, seed, workers, replay, regressions, mutants, only, answers, postgres, report,
};
command.SetAction(x => x switch
{
    _ when x.GetValue(replay) is { } file => ReplayCommand.Run([file.FullName], x.GetValue(postgres)),
    _ when x.GetValue(regressions) is { } folder => ReplayCommand.Run([.. folder.EnumerateFiles("*.json").Select(f => f.FullName).Order(StringComparer.Ordinal)], x.GetValue(postgres)),
    _ when x.GetValue(answers) is { } count => AnswersCommand.Run(count, x.GetValue(seed)),
    _ when x.GetValue(mutants) => MutantsCommand.Run(x.GetValue(only), x.GetValue(seed), x.GetValue(workers), x.GetValue(report)),
    _ => RunCommand.Run(x.GetValue(level), x.GetValue(postgres), x.GetValue(workflows), x.GetValue(seed), x.GetValue(workers), x.GetValue(report)),
});
return command.Parse(args).Invoke();
