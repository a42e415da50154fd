namespace SagaFlow.Storage.Sqlite;

/// <summary>Reads and writes rows of <c>activity_group</c>.</summary>
internal static class GroupStatements
{
    private const string Table = TableNames.SqlitePrefix + TableNames.ActivityGroup;

    private static readonly string InsertText = StatementText.Insert(Table, StoredRows.Group);

    private static readonly string SelectText = $"select {StatementText.List(StoredRows.Group)} from {Table} where workflow_id = $1 and id = $2";

    // Counted here and not by the caller, so that no two closings can lose one; answered once, by the closing that meets the
    // condition, because the row is no longer open for the next. On the right side of an assignment stand the old values.
    private const string CountText = $"""
        update {Table} set open = open - $3 - $4, failed = failed + $4,
            status = case
                when members - open - failed + $3 >= needed or failed + $4 > failures_allowed or open - $3 - $4 <= 0 then 'Met'
                else status end
        where workflow_id = $1 and id = $2 and status = 'Open'
        returning status
        """;

    private const string JoinText = $"update {Table} set status = 'Joined' where workflow_id = $1 and id = $2 and status = 'Met'";

    private const string AbandonText = $"update {Table} set status = 'Abandoned' where workflow_id = $1 and id = $2 and status in ('Open', 'Met')";

    private const string AbandonAllText = $"update {Table} set status = 'Abandoned' where workflow_id = $1 and status in ('Open', 'Met')";

    /// <summary>Writes new groups and ends others; <see langword="false"/> when one that is to be joined was joined before.</summary>
    public static bool Write(SqliteSession session, ChangeSet changeSet)
    {
        foreach (var group in changeSet.Groups)
        {
            session.Execute(
                InsertText,
                SqliteValues.Text(group.WorkflowId), group.Id, group.Name, group.Members, group.Open, group.Failed, group.Needed,
                group.FailuresAllowed, group.Status.ToString(), SqliteValues.Text(group.CreatedAt));
        }

        var workflowId = SqliteValues.Text(changeSet.WorkflowId);
        foreach (var end in changeSet.EndedGroups)
        {
            var changed = session.Execute(end.Status == GroupStatus.Joined ? JoinText : AbandonText, workflowId, end.GroupId);
            if (end.Status == GroupStatus.Joined && changed == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts closed members; whether this met the condition of a group that is still waited for.</summary>
    public static bool Count(SqliteSession session, ChangeSet changeSet)
    {
        var met = false;
        foreach (var closing in changeSet.Closings)
        {
            met |= session.Query(
                CountText, row => row.Name<GroupStatus>(),
                SqliteValues.Text(changeSet.WorkflowId), closing.GroupId, closing.Completed, closing.Failed) is [GroupStatus.Met];
        }

        if (changeSet.EndsAllGroups)
        {
            session.Execute(AbandonAllText, SqliteValues.Text(changeSet.WorkflowId));
            return false;
        }

        return met;
    }

    public static GroupRecord? Find(SqliteSession session, Guid workflowId, string groupId) =>
        session.Query(SelectText, StoredRows.ReadGroup, SqliteValues.Text(workflowId), groupId) is [var group] ? group : null;
}
