using System.Collections.Concurrent;
using System.Diagnostics;

namespace SagaFlow.IntegrationTests.DataRouting;

/// <summary>The DataRouting sample as a process of its own, as a user starts it.</summary>
internal sealed class RoutingProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private RoutingProcess(Process process) => _process = process;

    public IReadOnlyList<string> Output => [.. _output];

    public IReadOnlyList<string> Errors => [.. _errors];

    public bool HasExited => _process.HasExited;

    public static RoutingProcess Start(params string[] arguments) => Start(input: null, arguments);

    public static RoutingProcess Start(string? input, string[] arguments, string? tokenKey = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };

        // Read only by a run whose workflows are in PostgreSQL.
        start.Environment["SagaFlow__TokenKeys__Keys__test"] = tokenKey ?? Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)(i * 37))]);
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "DataRouting.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var running = new RoutingProcess(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, line) => Take(running._output, line.Data);
        running._process.ErrorDataReceived += (_, line) => Take(running._errors, line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        running._process.StandardInput.Write(input);
        running._process.StandardInput.Close();
        return running;
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> FinishAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits until the condition holds or the process has ended.</summary>
    public async Task WaitUntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition() && !_process.HasExited)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>Ends the process as <c>kill -9</c> does: without a chance to do anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await FinishAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void Take(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
