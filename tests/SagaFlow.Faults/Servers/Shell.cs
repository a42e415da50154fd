using System.Diagnostics;

namespace SagaFlow.Faults.Servers;

/// <summary>Runs commands of the system.</summary>
internal static class Shell
{
    private const int MostErrors = 2_000;

    /// <summary>Runs a bash script in which the functions of <c>tests/servers</c> can be called.</summary>
    public static Task<string> ServersAsync(string script) => RunAsync(
        "bash", "-euc", $"source '{Repository}/tests/servers/postgres.sh'; source '{Repository}/tests/servers/rabbitmq.sh'; {script}");

    /// <summary>Runs a bash script in the repository.</summary>
    /// <returns>Its output in one line.</returns>
    public static async Task<string> RepositoryAsync(string script) =>
        string.Join(' ', (await RunAsync("bash", "-euc", $"cd '{Repository}'; {script}")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Runs a command to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> RunAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };

        // Servers of its own: none that a caller has for other tests.
        foreach (var given in new[] { "SAGAFLOW_TEST_POSTGRES", "SAGAFLOW_TEST_RABBITMQ", "SAGAFLOW_TEST_RABBITMQ_NODE", "SAGAFLOW_TEST_RABBITMQ_MANAGEMENT" })
        {
            start.Environment.Remove(given);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();

        // Not to the end of its output: a server that it started keeps that open.
        await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"'{command} {string.Join(' ', arguments)}' ended with {process.ExitCode}: {Last(await errors)}");
    }

    private static string Last(string errors) => errors.Length <= MostErrors ? errors : errors[^MostErrors..];

    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "SagaFlow.sln")))
            {
                folder = folder.Parent ?? throw new InvalidOperationException("The repository's root was not found above this program.");
            }

            return folder.FullName;
        }
    }
}
