using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace SagaFlow.Tests.AspNetCore;

/// <summary>Everything that anybody logs, at any level: text, exception and each value.</summary>
internal sealed partial class LogCapture : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        _lines.Enqueue(Describe(state));
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {Describe(state)} {exception}");
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    public void Dispose()
    {
    }

    public bool Contains(string text) => Count(text) > 0;

    public int Count(string text) => _lines.Count(x => x.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits, in real time, until so many lines hold the text.</summary>
    public async Task ReachesAsync(string text, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var changed = _changed.Task; Count(text) < count; changed = _changed.Task)
        {
            await changed.WaitAsync(patience.Token);
        }
    }

    /// <summary>The lines that hold a task token, whole or in part, or something that was planted like one.</summary>
    public IReadOnlyList<string> LinesWithSecrets() => [.. _lines.Where(x => Secret().IsMatch(x))];

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Describe(object? state) => state is IEnumerable<KeyValuePair<string, object?>> values
        ? string.Join(' ', values.Select(x => $"{x.Key}={x.Value}"))
        : state?.ToString() ?? "";

    [GeneratedRegex(@"sf\d\.[\w-]+\.[\w-]{8}|canary", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
