using System.Diagnostics;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>The DataRouting sample as a process of its own, as a user starts it.</summary>
internal sealed class RoutingProcess : RunningProgram
{
    private RoutingProcess(ProcessStartInfo start, string? input)
        : base(start, input)
    {
    }

    public static RoutingProcess Start(params string[] arguments) => Start(input: null, arguments);

    public static RoutingProcess Start(string? input, string[] arguments, string? tokenKey = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "DataRouting.dll"), .. arguments]);

        // Read only by a run whose workflows are in PostgreSQL.
        start.Environment["SagaFlow__TokenKeys__Keys__test"] = tokenKey ?? Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37))]);
        return new RoutingProcess(start, input);
    }
}
