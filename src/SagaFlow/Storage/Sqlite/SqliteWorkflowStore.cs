using SagaFlow.Diagnostics;

namespace SagaFlow.Storage.Sqlite;

/// <summary>Loads and commits in SQLite. Commits of many callers share a transaction; each stands or falls alone.</summary>
internal sealed class SqliteWorkflowStore(SqliteDatabase database) : IWorkflowStore
{
    public Task<IReadOnlyList<Loaded>> LoadAsync(IReadOnlyList<LoadKey> keys, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<IReadOnlyList<Loaded>>(database.Readers.Read(session => keys.Select(key => Load(session, key)).ToList()));
    }

    public async Task<IReadOnlyList<CommitResult>> CommitAsync(IReadOnlyList<ChangeSet> changeSets, CancellationToken cancellationToken)
    {
        foreach (var changeSet in changeSets)
        {
            StorageLimits.Check(changeSet);
        }

        // Cancelled before the first is queued: nothing is written. After that all of them are queued, and what is queued commits.
        cancellationToken.ThrowIfCancellationRequested();
        var commits = new List<Task<CommitResult>>(changeSets.Count);
        foreach (var changeSet in changeSets)
        {
            commits.Add(await database.Writer.EnqueueAsync(
                session => Apply(session, changeSet), IsKept, CancellationToken.None));
        }

        return await Task.WhenAll(commits).WaitAsync(cancellationToken);
    }

    public Task<CommitResult> RunLockedAsync(LoadKey key, Func<Loaded, Task<ChangeSet?>> decide, CancellationToken cancellationToken) =>
        database.Writer.RunAloneAsync(
            async session =>
            {
                if (await decide(Load(session, key)) is not { } changeSet)
                {
                    return (CommitResult.Committed, Keep: false);
                }

                StorageLimits.Check(changeSet);
                var result = Apply(session, changeSet);
                return (result, Keep: IsKept(result));
            },
            cancellationToken);

    private static Loaded Load(SqliteSession session, LoadKey key) => new(key)
    {
        Seen = key.Inbox is { } inbox ? MessageStatements.FindReceived(session, inbox) : null,
        Workflow = key.Workflow ? WorkflowStatements.Find(session, key.WorkflowId) : null,
        KeptMessages = key.Workflow ? MessageStatements.FindKept(session, key.WorkflowId) : [],
        Activity = key.ActivityId is { } activityId ? ActivityStatements.Find(session, key.WorkflowId, activityId) : null,
        Timer = key.TimerId is { } timerId ? TimerStatements.Find(session, key.WorkflowId, timerId) : null,
        OpenActivities = key.OpenActivities ? ActivityStatements.FindOpen(session, key.WorkflowId) : [],
        Group = key.GroupId is { } groupId ? GroupStatements.Find(session, key.WorkflowId, groupId) : null,
        Members = key.GroupId is { } group ? ActivityStatements.FindMembers(session, key.WorkflowId, group) : [],
    };

    private static bool IsKept(CommitResult result) => result is CommitResult.Committed or CommitResult.CommittedAndMet;

    // Whoever calls this undoes everything when the answer is not "committed".
    private static CommitResult Apply(SqliteSession session, ChangeSet changeSet)
    {
        if (changeSet.Inbox is { } entry && !Mutants.On(Mutant.InboxForgotten) && !MessageStatements.Receive(session, entry))
        {
            return CommitResult.Duplicate;
        }

        if (changeSet.Workflow is { } workflow && !WorkflowStatements.Write(session, workflow))
        {
            return CommitResult.Conflict;
        }

        foreach (var activity in changeSet.Activities)
        {
            if (!ActivityStatements.Write(session, activity))
            {
                return CommitResult.Conflict;
            }
        }

        if (!GroupStatements.Write(session, changeSet))
        {
            return CommitResult.Conflict;
        }

        ApplyUnguarded(session, changeSet);
        return GroupStatements.Count(session, changeSet) ? CommitResult.CommittedAndMet : CommitResult.Committed;
    }

    private static void ApplyUnguarded(SqliteSession session, ChangeSet changeSet)
    {
        foreach (var entry in changeSet.History)
        {
            MessageStatements.Append(session, entry);
        }

        foreach (var message in changeSet.Outgoing)
        {
            MessageStatements.Send(session, message);
        }

        foreach (var message in changeSet.Kept)
        {
            MessageStatements.Keep(session, message);
        }

        foreach (var messageId in changeSet.Released)
        {
            MessageStatements.Release(session, changeSet.WorkflowId, messageId);
        }

        ApplyTimers(session, changeSet);
    }

    private static void ApplyTimers(SqliteSession session, ChangeSet changeSet)
    {
        if (changeSet.EndsAllTimers)
        {
            TimerStatements.DeleteAll(session, changeSet.WorkflowId);
        }

        foreach (var timer in changeSet.Timers)
        {
            TimerStatements.Insert(session, timer);
        }

        foreach (var timerId in changeSet.EndedTimers)
        {
            TimerStatements.Delete(session, changeSet.WorkflowId, timerId);
        }
    }
}
