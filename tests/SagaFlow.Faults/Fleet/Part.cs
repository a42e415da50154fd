using System.Diagnostics;

namespace SagaFlow.Faults.Fleet;

/// <summary>One process of the deployment. Whatever ends it, it is started again, as a service manager would.</summary>
internal sealed class Part
{
    private const int Killed = 128 + 9;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly string _folder;
    private readonly string[] _arguments;
    private readonly Dictionary<string, string> _environment;
    private readonly Lock _gate = new();
    private Process? _process;
    private Task _keeping = Task.CompletedTask;
    private volatile bool _isEnding;
    private volatile TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Part(string name, string folder, string[] arguments, Dictionary<string, string> environment)
    {
        (Name, _folder, _arguments, _environment) = (name, folder, arguments, environment);
        _environment["SAGAFLOW_FAULT_POINTS"] = Orders;
    }

    public string Name { get; }

    public string Log => Path.Combine(_folder, $"{Name}.log");

    /// <summary>How the processes ended that nobody killed, with the last line that they said.</summary>
    public List<string> OwnEnds { get; } = [];

    /// <summary>Set while somebody stops the process with its consent.</summary>
    public bool IsAskedToStop { get; set; }

    public bool IsStarted { get { lock (_gate) { return _process is not null; } } }

    public int Pid { get { lock (_gate) { return _process!.Id; } } }

    private string Orders => Path.Combine(_folder, $"{Name}.orders");

    public void Start()
    {
        StartOnce();
        _keeping = KeepAsync();
    }

    /// <summary>Waits until the process that runs now has said that it is ready.</summary>
    public Task ReadyAsync() => Patience.UntilAsync(() => Task.FromResult(IsReady), $"{Name} is ready");

    public bool IsReady => File.Exists(Log) && ReadNewest().Contains("is ready", StringComparison.Ordinal);

    /// <summary>Sends a signal to the process.</summary>
    public Task SignalAsync(string signal) => Shell.RunAsync("kill", $"-{signal}", $"{Pid}");

    /// <summary>Waits for the end of the process that runs now.</summary>
    /// <returns>Its exit code, and null when it lives on.</returns>
    public async Task<int?> ExitWithinAsync(Task<int> exit, double seconds) =>
        await Task.WhenAny(exit, Task.Delay(TimeSpan.FromSeconds(seconds))) == exit ? await exit : null;

    public Task<int> NextExit => _exit.Task;

    /// <summary>Kills the process without a chance to do anything.</summary>
    /// <returns>Whether it died of that.</returns>
    public async Task<bool> KillAsync()
    {
        var exit = NextExit;
        await SignalAsync("KILL");
        return await ExitWithinAsync(exit, 10) == Killed;
    }

    /// <summary>Has the process end itself when it passes a place for the n-th time.</summary>
    /// <returns>What it wrote before it died; null when it did not come by.</returns>
    public async Task<string?> DieAtAsync(string point, int passing, double seconds)
    {
        var exit = NextExit;
        var pid = Pid;
        Order($"{point} {passing}");
        var code = await ExitWithinAsync(exit, seconds);
        File.Delete(Orders);
        return code == Killed ? HitsOf(point, pid).LastOrDefault() : null;
    }

    /// <summary>Has the process do what else a place is for.</summary>
    public async Task<string?> DoAtAsync(string point, double seconds)
    {
        var pid = Pid;
        var before = HitsOf(point, pid).Count;
        Order($"{point} 1");
        var isDone = await Patience.HoldsWithinAsync(() => Task.FromResult(HitsOf(point, pid).Count > before), seconds);
        File.Delete(Orders);
        return isDone ? HitsOf(point, pid)[^1] : null;
    }

    /// <summary>How often the log says something, over all of the part's processes.</summary>
    public int CountInLog(string text) => ReadLog().Split(text).Length - 1;

    public async Task EndAsync()
    {
        _isEnding = true;
        await SignalAsync("CONT");
        await SignalAsync("TERM");
        if (await ExitWithinAsync(NextExit, 25) is null)
        {
            await SignalAsync("KILL");
        }

        await _keeping;
    }

    private void Order(string text)
    {
        File.WriteAllText($"{Orders}.new", text);
        File.Move($"{Orders}.new", Orders, overwrite: true);
    }

    private List<string> HitsOf(string point, int pid) =>
        File.Exists($"{Orders}.hits") ? [.. File.ReadLines($"{Orders}.hits").Where(x => x == $"{point} {pid}")] : [];

    private void StartOnce()
    {
        File.Delete(Orders);
        File.AppendAllText(Log, "--- start\n");

        // Its output goes straight to a file: a killed process takes no line with it that it had written.
        var start = new ProcessStartInfo("bash", ["-c", "log=$1; shift; exec \"$@\" >> \"$log\" 2>&1 < /dev/null", "-", Log, "dotnet", .. _arguments]);
        foreach (var (key, value) in _environment)
        {
            start.Environment[key] = value;
        }

        lock (_gate)
        {
            _process = Process.Start(start)!;
        }
    }

    private async Task KeepAsync()
    {
        while (true)
        {
            await _process!.WaitForExitAsync();
            var code = _process.ExitCode;
            if (code != Killed && !_isEnding && !IsAskedToStop)
            {
                OwnEnds.Add($"{Name} ended with {code}: {ReadNewest().Trim().Split('\n')[^1]}");
            }

            var exit = _exit;
            _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_isEnding)
            {
                exit.TrySetResult(code);
                return;
            }

            await Task.Delay(Pause);
            StartOnce();
            exit.TrySetResult(code);
        }
    }

    private string ReadNewest() => ReadLog().Split("--- start\n")[^1];

    private string ReadLog()
    {
        using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(file).ReadToEnd();
    }
}
