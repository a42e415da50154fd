using System.Collections.Concurrent;
using System.Diagnostics;
using SagaFlow.IntegrationTests.RabbitMq;

namespace SagaFlow.IntegrationTests.Workers;

/// <summary>The <see cref="WorkerProgram"/> as a process.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private WorkerProcess(Process process) => _process = process;

    public IReadOnlyList<string> Output => [.. _output];

    public static async Task<WorkerProcess> StartAsync(string prefix, int slots)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { typeof(WorkerProgram).Assembly.Location, prefix, TestBroker.Address, $"{slots}" },
        };
        var worker = new WorkerProcess(new Process { StartInfo = start });
        worker._process.OutputDataReceived += (_, line) => worker.Take(line.Data);
        worker._process.ErrorDataReceived += (_, line) => worker.Take(line.Data);
        worker._process.Start();
        worker._process.BeginOutputReadLine();
        worker._process.BeginErrorReadLine();
        await Eventually.HoldsAsync(
            () => Task.FromResult(worker._process.HasExited || worker._output.Contains("ready")), () => Task.FromResult("the worker is ready"), Patience);
        Assert.False(worker._process.HasExited, string.Join('\n', worker.Output));
        return worker;
    }

    /// <summary>Asks the process to end, as whoever deploys does.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _output.Enqueue(line);
        }
    }
}
