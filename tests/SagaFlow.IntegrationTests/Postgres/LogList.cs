using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SagaFlow.IntegrationTests.Postgres;

/// <summary>Keeps what was logged, by event id.</summary>
internal sealed class LogList : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(int EventId, string Text)> Entries { get; } = [];

    public int Count(int eventId) => Entries.Count(x => x.EventId == eventId);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Entries.Enqueue((eventId.Id, $"{formatter(state, exception)} {exception?.Message}"));

    public void Dispose()
    {
    }
}
