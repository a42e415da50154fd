using System.Text.Json;
using SagaFlow.Activities;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Pipe;

/// <summary>What was delivered when a change set came: the oracle judges by the sender's words, not by the engine's.</summary>
/// <param name="ActivityId">The activity that it is about; <see langword="null"/> for the workflow itself.</param>
/// <param name="What">What happened to the activity.</param>
/// <param name="Signal">The signal's number and content; number 0 for none.</param>
/// <param name="TimerId">The timer that rang.</param>
internal sealed record PipeCause(string? ActivityId = null, Happening What = default, (long Id, long Content) Signal = default, Guid TimerId = default)
{
    public long StartContent { get; init; }
}

/// <summary>Turns the engine's committed change sets into what the oracle reads. Rows are read back from the database, as they stand there.</summary>
internal sealed class Journal(Judge oracle, IReadOnlyList<Program> programs)
{
    private readonly Dictionary<Guid, Program> _byId = programs.ToDictionary(x => x.Id);
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Commit _commit = new();

    /// <summary>What is being delivered.</summary>
    public PipeCause Cause { get; set; } = new();

    /// <summary>How many commits were read.</summary>
    public int Commits { get; private set; }

    /// <summary>How many commits came within a millisecond of another one of their activity.</summary>
    public int Races { get; private set; }

    public Program Find(Guid workflowId) => _byId[workflowId];

    /// <summary>A small number for a name: of an inbox row, or of a timer.</summary>
    public long NumberOf(string name) => _numbers.TryGetValue(name, out var number) ? number : _numbers[name] = _numbers.Count + 1;

    public static string InboxName(InboxKey key) => $"{key.Endpoint} {key.WorkflowId} {key.MessageId}";

    public async Task RecordAsync(IWorkflowStore store, ChangeSet changes, long now)
    {
        Commits++;
        var program = _byId[changes.WorkflowId];
        _commit.Clear();
        _commit.Workflow = program.Index;
        _commit.Now = now;
        _commit.Inbox = changes.Inbox is { } inbox ? NumberOf(InboxName(inbox.Key)) : 0;
        if (changes.Workflow is not null)
        {
            var loaded = await store.LoadAsync([new LoadKey(changes.WorkflowId) { Workflow = true }], CancellationToken.None);
            _commit.WorkflowVersion = loaded[0].Workflow!.Version;
        }

        ReadNotes(program, changes);
        var isNew = changes.Activities.Where(x => x.Version == 0);
        var isOld = changes.Activities.Where(x => x.Version > 0).OrderBy(x => x.State.Id == Cause.ActivityId ? 0 : 1);
        foreach (var record in isOld.Concat(isNew).ToList())
        {
            var loaded = await store.LoadAsync([new LoadKey(changes.WorkflowId) { ActivityId = record.State.Id }], CancellationToken.None);
            ReadActivity(program, changes, record, loaded[0].Activity!);
            Races += program.Touch(record.State.Id, now) ? 1 : 0;
        }

        oracle.Committed(_commit);
        program.Step = changes.Workflow is { } workflow ? Workflows.WorkflowDocument.Read<ProgramInstance>(workflow).Step : program.Step;
    }

    private void ReadNotes(Program program, ChangeSet changes)
    {
        foreach (var line in changes.History)
        {
            if (line.Kind == HistoryKind.WorkflowStarted)
            {
                var deadline = changes.Workflow!.DeadlineAt is { } at ? Spans.At(at) : ActivityImage.Never;
                _commit.Notes.Add(new Note(NoteKind.Started, 0, deadline, Cause.StartContent));
            }
        }

        ReadSignals(program, changes);
        ReadTimersAndGroups(program, changes);
        foreach (var end in changes.History.Select(x => EndOf(x.Kind)).OfType<WorkflowStanding>())
        {
            _commit.Notes.Add(new Note(NoteKind.Ended, (long)end));
        }
    }

    private void ReadTimersAndGroups(Program program, ChangeSet changes)
    {
        foreach (var timer in changes.Timers)
        {
            _commit.Notes.Add(new Note(NoteKind.TimerSet, NumberOf($"timer {timer.Id}"), Spans.At(timer.DueAt)));
        }

        foreach (var timerId in changes.EndedTimers)
        {
            var kind = timerId == Cause.TimerId ? NoteKind.TimerFired : NoteKind.TimerTakenBack;
            _commit.Notes.Add(new Note(kind, NumberOf($"timer {timerId}")));
        }

        foreach (var group in changes.Groups)
        {
            program.Groups.Add(group.Id);
            _commit.Notes.Add(new Note(NoteKind.GroupMade, program.Groups.Count - 1, group.Needed, group.FailuresAllowed, group.Members));
        }

        foreach (var end in changes.EndedGroups.Where(x => x.Status == GroupStatus.Joined))
        {
            _commit.Notes.Add(new Note(NoteKind.GroupJoined, program.Groups.IndexOf(end.GroupId)));
        }
    }

    // The kept message of a timer is no signal: nobody was told that it was kept.
    private void ReadSignals(Program program, ChangeSet changes)
    {
        foreach (var released in changes.Released)
        {
            if (program.Signals.TryGetValue(released, out var number))
            {
                _commit.Notes.Insert(0, new Note(NoteKind.SignalRaised, number));
            }
        }

        if (Cause.Signal.Id != 0)
        {
            var kept = changes.Kept.Count > 0;
            if (kept)
            {
                program.Signals[changes.Kept[0].MessageId] = Cause.Signal.Id;
            }

            _commit.Notes.Add(new Note(kept ? NoteKind.SignalKept : NoteKind.SignalTaken, Cause.Signal.Id, Cause.Signal.Content));
        }
    }

    private void ReadActivity(Program program, ChangeSet changes, ActivityRecord record, ActivityRecord stored)
    {
        var id = record.State.Id;
        var isNew = record.Version == 0;
        var lines = changes.History.Where(x => x.ActivityId == id).Select(FactOf).ToList();
        var what = isNew ? new Happening(HappeningKind.Scheduled) : WhatOf(id, program, changes);
        if (what.Kind == HappeningKind.WorkflowEnded && lines is [{ Kind: FactKind.Ended }])
        {
            lines[0] = new Fact(FactKind.EndedWithWorkflow, 0);
        }

        var step = new Step
        {
            Activity = isNew ? program.Add(record.State) : program.IndexOf(id),
            Stored = Translation.Image(stored.State),
            RowVersion = stored.Version,
            Group = record.State.GroupId is { } group ? program.Groups.IndexOf(group) : -1,
            Facts = lines.Count,
            Terms = isNew ? PolicyGenerator.Translate(record.State.Policy) : null,
            What = what,
        };
        _commit.Facts.AddRange(lines);
        _commit.Steps.Add(step);
    }

    private Happening WhatOf(string id, Program program, ChangeSet changes)
    {
        if (id == Cause.ActivityId || Cause.What.Kind == HappeningKind.Blackout)
        {
            return Cause.What;
        }

        if (changes.History.Any(x => x.ActivityId == id && x.Kind == HistoryKind.CancelRequested))
        {
            var mode = id.StartsWith(nameof(ProgramMachine.Work), StringComparison.Ordinal) ? program.CancellationMode : CancellationMode.Try;
            return new Happening(HappeningKind.CancelRequest) { Waits = mode == CancellationMode.Wait, Tells = mode != CancellationMode.Abandon };
        }

        return new Happening(HappeningKind.WorkflowEnded) { WorkflowCanceled = changes.Workflow?.Status == WorkflowStatus.Canceled };
    }

    private static WorkflowStanding? EndOf(string kind) => kind switch
    {
        HistoryKind.WorkflowCompleted => WorkflowStanding.Completed,
        HistoryKind.WorkflowFailed => WorkflowStanding.Failed,
        HistoryKind.WorkflowCanceled => WorkflowStanding.Canceled,
        HistoryKind.WorkflowTimedOut => WorkflowStanding.TimedOut,
        _ => null,
    };

    private static Fact FactOf(HistoryEvent line)
    {
        var attempt = line.Attempt ?? 0;
        return line.Kind switch
        {
            HistoryKind.ActivityScheduled or HistoryKind.AttemptScheduled => Fact.Requested(attempt),
            HistoryKind.AttemptStarted => Fact.Started(attempt, InstantOf(line, "startedAt")),
            HistoryKind.AttemptFailed => Fact.Closed(attempt, Closing.Failed, InstantOf(line, "retryAt")),
            HistoryKind.AttemptTimedOut => Fact.Closed(attempt, Closing.TimedOut, InstantOf(line, "retryAt")),
            HistoryKind.AttemptReleased => Fact.Closed(attempt, Closing.Released, InstantOf(line, "retryAt")),
            HistoryKind.LateResultTaken => new Fact(FactKind.LateResultTaken, attempt),
            HistoryKind.CancelRequested => new Fact(FactKind.CancelAsked, 0),
            HistoryKind.DeadlineMoved => new Fact(FactKind.DeadlineMoved, 0),
            HistoryKind.ActivityCompleted => Fact.Ended(Standing.Completed),
            HistoryKind.ActivityFailed => Fact.Ended(Standing.Failed),
            HistoryKind.ActivityTimedOut => Fact.Ended(Standing.TimedOut),
            HistoryKind.ActivityCanceled => Fact.Ended(Standing.Canceled),
            _ => throw new InvalidDataException($"The oracle knows no history line '{line.Kind}'."),
        };
    }

    private static long InstantOf(HistoryEvent line, string property)
    {
        using var data = JsonDocument.Parse(line.Data!);
        return Spans.At(data.RootElement.GetProperty(property).GetDateTimeOffset());
    }
}
