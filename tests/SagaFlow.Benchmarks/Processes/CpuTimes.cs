using System.Globalization;

namespace SagaFlow.Benchmarks.Processes;

/// <summary>Reads from <c>/proc</c> what processor time was used, in seconds.</summary>
internal static class CpuTimes
{
    // The kernel's unit in these files, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Reads the time that one process used; 0 when it is gone.</summary>
    public static double Of(int processId) => Read(processId) is { } fields ? Own(fields) : 0;

    /// <summary>Reads the time that a process, its children and those children that are gone used.</summary>
    public static double OfFamily(int processId)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .Where(fields => fields is not null && int.Parse(fields[1], CultureInfo.InvariantCulture) == processId)
            .Sum(fields => Own(fields!));
        return children + (Read(processId) is { } parent ? Own(parent) + Ended(parent) : 0);
    }

    /// <summary>Reads how long all processors were busy, and how long they were there.</summary>
    public static (double Busy, double All) OfMachine()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture) / TicksPerSecond).ToArray();
        var idle = fields[3] + fields[4];
        return (fields.Sum() - idle, fields.Sum());
    }

    // The fields that follow the process's name, which may hold spaces: the state is the first.
    private static string[]? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double Own(string[] fields) => Seconds(fields[11]) + Seconds(fields[12]);

    private static double Ended(string[] fields) => Seconds(fields[13]) + Seconds(fields[14]);

    private static double Seconds(string ticks) => double.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond;
}
