using SagaFlow.Simulation.Fuzz;

namespace SagaFlow.Simulation.Commands;

/// <summary>Sends changed answers through the real ingress.</summary>
internal static class AnswersCommand
{
    public static int Run(long answers, ulong seed)
    {
        var fuzz = new AnswerFuzz(seed);
        var fault = fuzz.RunAsync(answers).GetAwaiter().GetResult();
        foreach (var (disposition, count) in fuzz.Told)
        {
            Console.WriteLine($"{count,12:N0} {disposition}");
        }

        if (fault is not null)
        {
            Console.WriteLine(fault);
        }

        // A run in which nothing is taken, or everything, has shown nothing.
        var hasMet = new[] { "Applied", "Duplicate", "DuplicateConflict", "Malformed", "InvalidToken" }.All(fuzz.Told.ContainsKey);
        Verdicts.Print([(fault is null && hasMet, $"{answers} changed answers")]);
        return fault is null && hasMet ? 0 : 1;
    }
}
