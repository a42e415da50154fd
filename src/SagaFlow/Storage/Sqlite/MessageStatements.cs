using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>inbox</c>, <c>outbox</c>, <c>kept_message</c> and <c>history</c>.</summary>
internal static class MessageStatements
{
    private const string Inbox = TableNames.SqlitePrefix + TableNames.Inbox;
    private const string Outbox = TableNames.SqlitePrefix + TableNames.Outbox;
    private const string Kept = TableNames.SqlitePrefix + TableNames.KeptMessage;
    private const string History = TableNames.SqlitePrefix + TableNames.History;

    private static readonly string InsertInbox =
        $"{StatementText.Insert(Inbox, "endpoint", "workflow_id", "message_id", "body_hash", "at")} on conflict do nothing";

    private static readonly string InsertHistory =
        StatementText.Insert(History, "workflow_id", "at", "kind", "activity_id", "attempt", "data");

    private static readonly string OutboxColumns = StatementText.List(StoredRows.Outgoing);

    private static readonly string InsertOutbox = StatementText.Insert(Outbox, StoredRows.Outgoing);

    private static readonly string InsertKept = StatementText.Insert(Kept, StoredRows.Kept);

    /// <summary>Writes down that a message was applied; <see langword="false"/> when it was already.</summary>
    public static bool Receive(SqliteSession session, InboxEntry entry) => session.Execute(
        InsertInbox,
        EndpointOf(entry.Key), SqliteValues.Text(entry.Key.WorkflowId), SqliteValues.Text(entry.Key.MessageId),
        entry.BodyHash, SqliteValues.Text(entry.At)) == 1;

    public static InboxEntry? FindReceived(SqliteSession session, InboxKey key) => session.Query(
        $"select body_hash, at from {Inbox} where endpoint = $1 and workflow_id = $2 and message_id = $3",
        row => new InboxEntry(key, row.Text(), row.Instant()),
        EndpointOf(key), SqliteValues.Text(key.WorkflowId), SqliteValues.Text(key.MessageId)) is [var entry] ? entry : null;

    private static string EndpointOf(InboxKey key) => Mutants.On(Mutant.InboxWithoutEndpoint) ? "" : key.Endpoint;

    public static void Append(SqliteSession session, HistoryEvent entry) => session.Execute(
        InsertHistory,
        SqliteValues.Text(entry.WorkflowId), SqliteValues.Text(entry.At), entry.Kind, entry.ActivityId, entry.Attempt, entry.Data);

    public static void Send(SqliteSession session, OutgoingMessage message) => session.Execute(
        InsertOutbox,
        SqliteValues.Text(message.Id), SqliteValues.Text(message.WorkflowId), message.Kind.ToString(), message.Destination,
        message.ContentType, message.Headers, message.Body, SqliteValues.Text(message.CreatedAt));

    public static void DeleteSent(SqliteSession session, Guid messageId) =>
        session.Execute($"delete from {Outbox} where id = $1", SqliteValues.Text(messageId));

    public static List<OutgoingMessage> FindUnsent(SqliteSession session, DateTimeOffset before, int limit) => session.Query(
        $"select {OutboxColumns} from {Outbox} where created_at < $1 order by created_at, rowid limit $2",
        StoredRows.ReadOutgoing, SqliteValues.Text(before), limit);

    public static List<OutgoingMessage> ClaimUnsent(
        SqliteSession session, DateTimeOffset now, DateTimeOffset before, DateTimeOffset leaseUntil, int limit) => session.Query(
        $"""
        update {Outbox} set lease_until = $3
        where rowid in (
            select rowid from {Outbox} where created_at < $2 and (lease_until is null or lease_until <= $1) order by created_at limit $4)
        returning {OutboxColumns}
        """,
        StoredRows.ReadOutgoing, SqliteValues.Text(now), SqliteValues.Text(before), SqliteValues.Text(leaseUntil), limit);

    public static void Keep(SqliteSession session, KeptMessage message) => session.Execute(
        InsertKept,
        SqliteValues.Text(message.WorkflowId), SqliteValues.Text(message.MessageId), message.EventName, message.Body,
        SqliteValues.Text(message.At));

    public static void Release(SqliteSession session, Guid workflowId, Guid messageId) => session.Execute(
        $"delete from {Kept} where workflow_id = $1 and message_id = $2",
        SqliteValues.Text(workflowId), SqliteValues.Text(messageId));

    /// <summary>Reads a workflow's kept messages in the order of their arrival.</summary>
    public static IReadOnlyList<KeptMessage> FindKept(SqliteSession session, Guid workflowId) => session.Query(
        $"select {StatementText.List(StoredRows.Kept)} from {Kept} where workflow_id = $1 order by seq",
        StoredRows.ReadKept,
        SqliteValues.Text(workflowId));
}
