using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;

namespace SagaFlow.Tests.Activities;

/// <summary>A sentence that holds for every life an activity can have.</summary>
/// <param name="Name">The sentence.</param>
/// <param name="Violations">Finds what breaks it; empty when it holds.</param>
/// <param name="Mutant">A bug of the core that this law must see.</param>
internal sealed record Law(string Name, Func<Trace, IEnumerable<TraceEntry>> Violations, Mutant Mutant);

/// <summary>The laws of the core, each told without the core's own helpers.</summary>
internal static class ActivityLaws
{
    public static IReadOnlyList<Law> All { get; } =
    [
        new("Attempts are 1, 2, 3 without a gap", GapsBetweenAttempts, Mutant.SkipsAttemptNumber),
        new("An attempt closes at most once, and before the next one opens", ClosesTwiceOrLate, Mutant.AttemptClosesTwice),
        new("Nothing happens after the end", ChangesAfterEnd, Mutant.ClosedAttemptAnswersAgain),
        new("No attempt opens after schedule-to-close", OpensAfterScheduleToClose, Mutant.OpensAfterScheduleToClose),
        new("A heartbeat moves no other deadline", HeartbeatsThatMoveDeadlines, Mutant.HeartbeatMovesStartToClose),
        new("A stale token changes nothing", StaleTokensThatChange, Mutant.AttemptUnchecked),
        new("A late result counts only where the policy says so", LateResultsAgainstThePolicy, Mutant.LateResultAlwaysCounts),
        new("A ring of another version changes nothing", OldRingsThatChange, Mutant.DueVersionUnchecked),
        new("The armed deadline is the earliest one", WrongDue, Mutant.ScheduleToCloseRestarts),
        new("No timeout comes before its deadline", EarlyTimeouts, Mutant.FiresEarly),
        new("What is unchanged is the same instance", CopiesWithoutChange, Mutant.CopiesUnchangedState),
        new("The maximum of attempts is respected", TooManyAttempts, Mutant.MaximumAttemptsOffByOne),
        new("No retry comes before its back-off is over", EarlyRetries, Mutant.BackoffOverflows),
    ];

    private static IEnumerable<TraceEntry> GapsBetweenAttempts(Trace trace) =>
        trace.Effects<ActivityEffect.RequestAttempt>()
            .Where((x, index) => x.Effect.Attempt != index + 1 || x.Entry.After.Attempt != index + 1)
            .Select(x => x.Entry);

    private static IEnumerable<TraceEntry> ClosesTwiceOrLate(Trace trace)
    {
        var closed = new HashSet<int>();
        foreach (var entry in trace.Entries)
        {
            foreach (var effect in entry.Decision.Effects)
            {
                var broken = effect switch
                {
                    ActivityEffect.AttemptClosed x => !closed.Add(x.Attempt),
                    ActivityEffect.RequestAttempt { Attempt: > 1 } x => !closed.Contains(x.Attempt - 1),
                    _ => false,
                };
                if (broken)
                {
                    yield return entry;
                }
            }
        }
    }

    private static IEnumerable<TraceEntry> ChangesAfterEnd(Trace trace) =>
        trace.Entries.Where(x => x.Event is not null && x.Before.ClosedAt is not null && Changed(x));

    private static IEnumerable<TraceEntry> OpensAfterScheduleToClose(Trace trace) =>
        from opened in trace.Effects<ActivityEffect.RequestAttempt>()
        where opened.Entry.Now >= Deadline(trace, opened.Entry, trace.ScheduledAt, trace.Policy.ScheduleToClose)
        select opened.Entry;

    private static IEnumerable<TraceEntry> HeartbeatsThatMoveDeadlines(Trace trace) =>
        from entry in trace.Entries
        where entry is { Event: ActivityEvent.Heartbeat, Before.StartedAt: not null }
        let before = entry.Before
        let after = entry.After
        where (before.Due, before.StartedAt, before.ScheduledAt) != (after.Due, after.StartedAt, after.ScheduledAt)
            || before.AttemptScheduledAt != after.AttemptScheduledAt
        select entry;

    private static IEnumerable<TraceEntry> StaleTokensThatChange(Trace trace) =>
        from entry in trace.Entries
        let attempt = (entry.Event as ActivityEvent.Answer)?.Attempt ?? 0
        where attempt is not 0
        where IsStale(trace, entry, attempt) && Changed(entry)
        where !(entry.Event is ActivityEvent.Completed && trace.Policy.LateAttempts is not LateAttemptPolicy.Refuse)
        select entry;

    private static IEnumerable<TraceEntry> LateResultsAgainstThePolicy(Trace trace) =>
        from entry in trace.Entries
        let attempt = (entry.Event as ActivityEvent.Completed)?.Attempt ?? 0
        where attempt is not 0 && IsStale(trace, entry, attempt) && Changed(entry)
        let timedOut = trace.Effects<ActivityEffect.AttemptClosed>().Any(x => x.Effect.Attempt == attempt && x.Effect.How is AttemptEnd.TimedOut)
        let redispatched = attempt < entry.Before.Attempt
        where !timedOut || entry.After.Status is not ActivityStatus.Completed || trace.Policy.LateAttempts switch
        {
            LateAttemptPolicy.Accept => false,
            LateAttemptPolicy.AcceptIfNotRedispatched => redispatched,
            _ => true,
        }
        select entry;

    private static bool IsStale(Trace trace, TraceEntry entry, int attempt) =>
        attempt != entry.Before.Attempt || ClosedSoFar(trace, entry).Contains(attempt);

    private static IEnumerable<TraceEntry> OldRingsThatChange(Trace trace) =>
        from entry in trace.Entries
        where entry.Event is ActivityEvent.Ring ring && ring.Version != entry.Before.DueVersion && Changed(entry)
        select entry;

    private static IEnumerable<TraceEntry> EarlyTimeouts(Trace trace) =>
        from closed in trace.Effects<ActivityEffect.AttemptClosed>()
        where closed.Effect.Timeout is not null
        let before = closed.Entry.Before
        let deadline = closed.Effect.Timeout switch
        {
            TimeoutType.ScheduleToStart => Deadline(trace, closed.Entry, OpenedAt(trace, closed.Entry), trace.Policy.ScheduleToStart),
            TimeoutType.StartToClose => Deadline(trace, closed.Entry, StartedAt(trace, closed.Entry), trace.Policy.StartToClose),
            TimeoutType.Heartbeat => Deadline(trace, closed.Entry, LastSignOfLife(trace, closed.Entry), trace.Policy.Heartbeat),
            _ => Deadline(trace, closed.Entry, trace.ScheduledAt, trace.Policy.ScheduleToClose),
        }
        where deadline is null || closed.Entry.Now < deadline
        select closed.Entry;

    private static IEnumerable<TraceEntry> CopiesWithoutChange(Trace trace) =>
        from entry in trace.Entries.Skip(1)
        let same = ReferenceEquals(entry.Before, entry.After)
        where same != (entry.Before == entry.After)
            || same != (entry.Decision.Disposition is not Disposition.Applied)
            || (same && entry.Decision.Effects.Count > 0)
        select entry;

    private static IEnumerable<TraceEntry> TooManyAttempts(Trace trace) =>
        from opened in trace.Effects<ActivityEffect.RequestAttempt>()
        let released = trace.Effects<ActivityEffect.AttemptClosed>()
            .Count(x => x.Effect.How is AttemptEnd.Released && x.Effect.Attempt < opened.Effect.Attempt)
        where opened.Effect.Attempt - released > trace.Policy.Retry.MaximumAttempts
        select opened.Entry;

    private static IEnumerable<TraceEntry> EarlyRetries(Trace trace)
    {
        var released = 0;
        foreach (var (closed, entry) in trace.Effects<ActivityEffect.AttemptClosed>())
        {
            released += closed.How is AttemptEnd.Released ? 1 : 0;
            var opened = trace.Effects<ActivityEffect.RequestAttempt>().FirstOrDefault(x => x.Effect.Attempt == closed.Attempt + 1);
            var next = opened.Entry?.Now ?? closed.RetryAt;
            var chosen = closed.How is AttemptEnd.Released || closed.Failure?.NextRetryDelay is not null;
            if (!chosen && next - entry.Now < ShortestDelay(trace.Policy.Retry, closed.Attempt - released))
            {
                yield return entry;
            }
        }
    }

    /// <summary>Multiplies step by step, so that no power can overflow unseen.</summary>
    private static TimeSpan ShortestDelay(RetryPolicy policy, int n)
    {
        var delay = policy.InitialInterval.TotalSeconds;
        for (var i = 1; i < n && delay < policy.MaximumInterval.TotalSeconds; i++)
        {
            delay *= policy.BackoffCoefficient;
        }

        var shortest = Math.Min(delay, policy.MaximumInterval.TotalSeconds) * (1 - policy.Jitter);
        return TimeSpan.FromSeconds(shortest) - TimeSpan.FromMilliseconds(0.01);
    }

    private static IEnumerable<TraceEntry> WrongDue(Trace trace) =>
        trace.Entries.Where(entry => !IsVersioned(entry) || !IsEarliest(trace, entry));

    private static bool IsVersioned(TraceEntry entry)
    {
        var (before, after) = (entry.Before, entry.After);
        var versionFits = after.Due is null || after.Due.Version == after.DueVersion;
        return entry.Event is null ? versionFits : versionFits && (before.Due == after.Due) == (before.DueVersion == after.DueVersion);
    }

    /// <summary>A heartbeat deadline may stand earlier than the last heartbeat asks, never later: its ring arms it again.</summary>
    private static bool IsEarliest(Trace trace, TraceEntry entry)
    {
        var state = entry.After;
        if (state.ClosedAt is not null)
        {
            return state.Due is null;
        }

        var scheduleToClose = Deadline(trace, entry, trace.ScheduledAt, trace.Policy.ScheduleToClose);
        if (state.Status is ActivityStatus.BackingOff)
        {
            return state.Due is { Kind: DeadlineKind.RetryBackoff } retry && (scheduleToClose is null || retry.At < scheduleToClose);
        }

        var waiting = state.Status is ActivityStatus.Scheduled;
        DateTimeOffset?[] fixedDeadlines =
        [
            scheduleToClose,
            waiting ? Deadline(trace, entry, OpenedAt(trace, entry), trace.Policy.ScheduleToStart) : null,
            waiting ? null : Deadline(trace, entry, StartedAt(trace, entry), trace.Policy.StartToClose),
        ];
        var heartbeat = waiting ? null : Deadline(trace, entry, LastSignOfLife(trace, entry), trace.Policy.Heartbeat);
        return state.Due is { Kind: DeadlineKind.Heartbeat } due
            ? due.At <= heartbeat && !(fixedDeadlines.Min() < due.At)
            : state.Due?.At == fixedDeadlines.Min() && !(heartbeat < (state.Due?.At ?? DateTimeOffset.MaxValue));
    }

    private static bool Changed(TraceEntry entry) =>
        !ReferenceEquals(entry.Before, entry.After) || entry.Decision.Effects.Count > 0;

    private static HashSet<int> ClosedSoFar(Trace trace, TraceEntry entry) =>
        [.. Until(trace, entry).Where(x => !ReferenceEquals(x, entry)).SelectMany(x => x.Decision.Effects.OfType<ActivityEffect.AttemptClosed>()).Select(x => x.Attempt)];

    private static IEnumerable<TraceEntry> Until(Trace trace, TraceEntry entry)
    {
        foreach (var each in trace.Entries)
        {
            yield return each;
            if (ReferenceEquals(each, entry))
            {
                yield break;
            }
        }
    }

    private static DateTimeOffset OpenedAt(Trace trace, TraceEntry entry) =>
        Until(trace, entry).Last(x => x.Decision.Effects.OfType<ActivityEffect.RequestAttempt>().Any()).Now;

    private static DateTimeOffset StartedAt(Trace trace, TraceEntry entry) =>
        Until(trace, entry).SelectMany(x => x.Decision.Effects.OfType<ActivityEffect.AttemptStarted>()).Last().At;

    private static DateTimeOffset LastSignOfLife(Trace trace, TraceEntry entry)
    {
        var heartbeat = Until(trace, entry).LastOrDefault(x =>
            x.Event is ActivityEvent.Heartbeat && x.Decision.Disposition is Disposition.Applied && x.Before.Attempt == entry.Before.Attempt);
        var startedAt = StartedAt(trace, entry);
        return heartbeat?.Now > startedAt ? heartbeat.Now : startedAt;
    }

    private static DateTimeOffset? Deadline(Trace trace, TraceEntry entry, DateTimeOffset from, TimeSpan? timeout)
    {
        var graces = Until(trace, entry).SelectMany(x => x.Decision.Effects.OfType<ActivityEffect.DeadlineMoved>());
        var grace = graces.LastOrDefault()?.To;
        var at = from + timeout;
        return at < grace ? grace : at;
    }
}
