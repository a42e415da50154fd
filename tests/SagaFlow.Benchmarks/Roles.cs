using System.CommandLine;
using SagaFlow.Benchmarks.AsyncPath;
using SagaFlow.Benchmarks.Floor;

namespace SagaFlow.Benchmarks;

/// <summary>The processes of a measurement, which it starts itself.</summary>
internal static class Roles
{
    public static IEnumerable<Command> All =>
    [
        Role("completer", CompleterRole.RunAsync),
        Role($"{Names.SagaFlow}-engine", SagaFlowRoles.RunEngineAsync),
        Role($"{Names.SagaFlow}-worker", SagaFlowRoles.RunWorkerAsync),
        Role($"{Names.Floor}-engine", FloorRoles.RunEngineAsync),
        Role($"{Names.Floor}-worker", FloorRoles.RunWorkerAsync),
    ];

    private static Command Role(string name, Func<Task<int>> run)
    {
        var command = new Command(name, "A process of a measurement") { Hidden = true };
        command.SetAction(_ => run());
        return command;
    }
}
