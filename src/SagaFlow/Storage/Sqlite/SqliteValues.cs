using System.Globalization;

namespace SagaFlow.Storage.Sqlite;

/// <summary>How values stand in SQLite columns.</summary>
/// <remarks>Instants are UTC text of fixed width (<c>2026-01-31T09:30:00.0000000Z</c>): exact to the tick, sorted as text,
/// and understood by a person and by SQLite's own date functions, which ticks as integers are not. Ids are lower-case text
/// and enums names, so that all of it can be read and joined in plain SQL.</remarks>
internal static class SqliteValues
{
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string? Text(DateTimeOffset? at) => at is { } value ? Text(value) : null;

    public static string Text(Guid id) => id.ToString("D");

    public static DateTimeOffset Instant(string text) =>
        new(DateTime.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind));
}
