using System.Diagnostics;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>The compose file that the README names.</summary>
public sealed class ComposeTests
{
    [Fact]
    public async Task The_compose_file_is_valid_and_runs_several_of_each()
    {
        var start = new ProcessStartInfo("docker-compose") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = ["-f", RepositoryFolder.At("docker", "compose.yaml"), "config"];
        Array.ForEach(arguments, start.ArgumentList.Add);

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.True(process.ExitCode == 0, await errors);
        Assert.Equal(2, output.Split("replicas: 2").Length - 1);
        Assert.Contains("--role=transmit", output, StringComparison.Ordinal);
        Assert.Contains("--packets=none", output, StringComparison.Ordinal);
    }
}
