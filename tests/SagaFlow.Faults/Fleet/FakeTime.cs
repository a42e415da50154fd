using System.Globalization;

namespace SagaFlow.Faults.Fleet;

/// <summary>A process's own wall clock that can jump, by the library libfaketime. Its clock of intervals goes on as it was.</summary>
internal sealed class FakeTime
{
    private static readonly string? Library = Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu").Select(x => Path.Combine(x, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    private readonly string? _file;

    private FakeTime(string? file) => _file = file;

    /// <summary>The machine's own clock.</summary>
    public static FakeTime None { get; } = new(null);

    /// <summary>Whether the library is there.</summary>
    public static bool IsInstalled => Library is not null;

    public Dictionary<string, string> Environment => _file is null ? [] : new()
    {
        ["LD_PRELOAD"] = Library!,
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

        // Else every wait for a while ends at once, and the process spins.
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    public static FakeTime In(string folder)
    {
        var clock = new FakeTime(IsInstalled ? Path.Combine(folder, "clock") : null);
        clock.Jump(TimeSpan.Zero);
        return clock;
    }

    /// <summary>Sets the clock so far before or behind the true time.</summary>
    public void Jump(TimeSpan by)
    {
        if (_file is not null)
        {
            File.WriteAllText(_file + ".new", by.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture) + "\n");
            File.Move(_file + ".new", _file, overwrite: true);
        }
    }

    /// <summary>Whether a process has this clock, and how far another one that has it is off.</summary>
    public async Task<TimeSpan?> OffsetOfAsync(int pid)
    {
        if (_file is null || !(await File.ReadAllTextAsync($"/proc/{pid}/maps")).Contains("libfaketimeMT", StringComparison.Ordinal))
        {
            return null;
        }

        var set = Environment.Select(x => $"{x.Key}='{x.Value}'");
        var seen = await Shell.RunAsync("bash", "-c", $"env {string.Join(' ', set)} date +%s");
        return TimeSpan.FromSeconds(long.Parse(seen, CultureInfo.InvariantCulture) - DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }
}
