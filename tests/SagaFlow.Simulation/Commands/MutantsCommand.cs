using System.Text.Json;
using SagaFlow.Simulation.Mutation;

namespace SagaFlow.Simulation.Commands;

/// <summary>Hunts every planted bug, and tells after how many seeds each was caught.</summary>
internal static class MutantsCommand
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static int Run(string? only, ulong seed, int workers, FileInfo? file)
    {
        if (!Specimen.HasEngineBugs)
        {
            Console.WriteLine("This build holds no bugs of the engine. Run: dotnet run -c Mutants --project tests/SagaFlow.Simulation -- --mutants");
            return 2;
        }

        var specimens = Specimen.All.Where(x => only is null || x.Name.Contains(only, StringComparison.OrdinalIgnoreCase)).ToList();
        var caught = new Catch[specimens.Count];
        Parallel.For(0, specimens.Count, new ParallelOptions { MaxDegreeOfParallelism = workers }, i => caught[i] = MutantHunt.Run(specimens[i], seed));
        foreach (var x in caught)
        {
            Console.WriteLine(x.Seeds == 0 ? $"  ESCAPED  {x.Name}" : $"  {x.Seeds,5}  {x.Name,-38} {x.Invariant,-5} {Shorten(x.Found!)}");
        }

        if (file is not null)
        {
            File.WriteAllText(file.FullName, JsonSerializer.Serialize(caught, Options) + "\n");
        }

        Verdicts.Print([.. caught.Select(x => (x.Seeds > 0, x.Name))]);
        return Array.TrueForAll(caught, x => x.Seeds > 0) ? 0 : 1;
    }

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
