using System.Diagnostics;
using System.Threading.Channels;

namespace SagaFlow.Benchmarks.Processes;

/// <summary>A process of a measurement: this program again, in another role. It ends when its input does.</summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Channel<long> _told = Channel.CreateUnbounded<long>();

    private RoleProcess(Process process) => _process = process;

    public int Id => _process.Id;

    private StreamReader Output => _process.StandardOutput;

    /// <summary>Starts a role and waits until it says that it is ready.</summary>
    public static async Task<RoleProcess> StartAsync(string role, string postgres, string rabbitMq, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                [Servers.PrivateServers.PostgresVariable] = postgres,
                [Servers.PrivateServers.RabbitMqVariable] = rabbitMq,
            },
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SagaFlow.Benchmarks.dll"));
        }

        foreach (var argument in arguments.Prepend(role))
        {
            start.ArgumentList.Add(argument);
        }

        var process = new RoleProcess(Process.Start(start)!);
        using var longest = new CancellationTokenSource(LongestStart);
        while (await process.Output.ReadLineAsync(longest.Token) is { } line)
        {
            if (line == RoleHost.Ready)
            {
                _ = process.PassOnAsync(role);
                return process;
            }

            Console.Error.WriteLine($"{role}: {line}");
        }

        throw new InvalidOperationException($"The role '{role}' ended before it was ready.");
    }

    /// <summary>Asks for what the role has counted so far under a name on the engine's meter.</summary>
    public async Task<long> CountAsync(string counter)
    {
        await _process.StandardInput.WriteLineAsync(counter);
        await _process.StandardInput.FlushAsync();
        using var longest = new CancellationTokenSource(LongestStop);
        return await _told.Reader.ReadAsync(longest.Token);
    }

    /// <summary>Ends the process without a word, as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    // A pipe that nobody reads fills up; then whoever logs in that process stands still, and is measured standing still.
    private async Task PassOnAsync(string role)
    {
        while (await Output.ReadLineAsync() is { } line)
        {
            if (RoleCounters.Read(line) is { } count)
            {
                _told.Writer.TryWrite(count);
                continue;
            }

            Console.Error.WriteLine($"{role}: {line}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var longest = new CancellationTokenSource(LongestStop);
            try
            {
                await _process.WaitForExitAsync(longest.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
            }
        }

        _process.Dispose();
    }
}
