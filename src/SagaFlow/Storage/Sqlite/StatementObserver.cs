namespace SagaFlow.Storage.Sqlite;

/// <summary>Registered by whoever wants to count what the store asks of the database.</summary>
/// <param name="Observe">Told every statement of the hot path before it runs, from any thread.</param>
internal sealed record StatementObserver(Action<string> Observe);
