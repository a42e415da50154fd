using SagaFlow.Contracts;

namespace SagaFlow.Simulation.Oracle;

/// <content>Starts, signals, timers, groups and ends.</content>
internal sealed partial class Judge
{
    /// <summary>A start was told this, after whatever it committed.</summary>
    public void ToldStart(int index, long content, long now, Disposition told)
    {
        var workflow = _workflows[index];
        var legal = workflow.Standing != WorkflowStanding.Absent && (workflow.StartContent == content
            ? told is Disposition.Applied or Disposition.Duplicate
            : told == Disposition.DuplicateConflict);
        if (!legal)
        {
            Break("I18", $"a start was told {told}; the workflow is {workflow.Standing}", index, now);
        }
    }

    /// <summary>A signal was told this, after whatever it committed.</summary>
    public void ToldSignal(int index, long id, long content, long now, Disposition told)
    {
        var workflow = _workflows[index];
        var accepted = workflow.Accepted.TryGetValue(id, out var said);
        var legal = told switch
        {
            Disposition.Applied or Disposition.Kept or Disposition.Duplicate => accepted && said == content,
            Disposition.DuplicateConflict => accepted && said != content,
            Disposition.UnknownWorkflow => workflow.Standing == WorkflowStanding.Absent,
            Disposition.Canceled => !accepted && workflow.Standing == WorkflowStanding.Canceled,
            Disposition.WorkflowClosed => !accepted && workflow.IsOver && workflow.Standing != WorkflowStanding.Canceled,
            Disposition.TooMany => !accepted && workflow.Kept.Count == keptMessages,
            _ => false,
        };
        if (!legal)
        {
            Break("I17", $"signal {id} was told {told}; accepted before: {accepted}, the workflow is {workflow.Standing}", index, now);
        }
    }

    /// <summary>A cancellation of a workflow was told this, after whatever it committed.</summary>
    public void ToldCancel(int index, long now, Disposition told)
    {
        var standing = _workflows[index].Standing;
        var legal = told switch
        {
            Disposition.Applied or Disposition.Duplicate => standing == WorkflowStanding.Canceled,
            Disposition.UnknownWorkflow => standing == WorkflowStanding.Absent,
            Disposition.WorkflowClosed => standing > WorkflowStanding.Running && standing != WorkflowStanding.Canceled,
            _ => false,
        };
        if (!legal)
        {
            Break("I19", $"a cancellation was told {told}; the workflow is {standing}", index, now);
        }
    }

    private void Read(WorkflowModel workflow, in Note note, Commit commit)
    {
        var problem = note.Kind switch
        {
            NoteKind.Started => Start(workflow, note),
            NoteKind.Ended => End(workflow, note, commit.Now),
            NoteKind.SignalTaken or NoteKind.SignalKept => Accept(workflow, note),
            NoteKind.SignalRaised or NoteKind.SignalDropped => workflow.Kept.Remove(note.Id) ? null : "I17 a message was released that is not kept",
            NoteKind.TimerSet => workflow.Timers.TryAdd(note.Id, note.A) ? null : "I14 a timer was scheduled twice",
            NoteKind.TimerTakenBack => TakeBack(workflow, note),
            NoteKind.TimerFired => Fire(workflow, note, commit.Now),
            NoteKind.GroupMade => Make(workflow, note),
            _ => Join(workflow, note),
        };
        if (problem is not null)
        {
            var (invariant, text) = (problem.Split(' ')[0], problem[(problem.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
            Break(invariant, $"{text}: {note}", commit.Workflow, commit.Now);
        }
    }

    private static string? Start(WorkflowModel workflow, in Note note)
    {
        if (workflow.Standing != WorkflowStanding.Absent)
        {
            return "I18 a workflow was started twice";
        }

        workflow.Standing = WorkflowStanding.Running;
        workflow.Deadline = note.A;
        workflow.StartContent = note.B;
        return null;
    }

    private static string? End(WorkflowModel workflow, in Note note, long now)
    {
        if (workflow.IsOver)
        {
            return "I1 a workflow ended twice";
        }

        workflow.Standing = (WorkflowStanding)note.Id;
        workflow.Timers.Clear();
        return workflow.Standing == WorkflowStanding.TimedOut && (workflow.Deadline == ActivityImage.Never || now < workflow.Deadline)
            ? "I9 a workflow timed out before its deadline"
            : null;
    }

    private string? Accept(WorkflowModel workflow, in Note note)
    {
        if (!workflow.Accepted.TryAdd(note.Id, note.A))
        {
            return "I7 a signal was applied twice";
        }

        if (note.Kind == NoteKind.SignalKept)
        {
            workflow.Kept.Add(note.Id);
        }

        return workflow.Kept.Count > keptMessages ? "I21 too many messages are kept" : null;
    }

    private static string? TakeBack(WorkflowModel workflow, in Note note)
    {
        workflow.Timers.Remove(note.Id);
        return null;
    }

    private static string? Fire(WorkflowModel workflow, in Note note, long now)
    {
        if (!workflow.Timers.Remove(note.Id, out var due))
        {
            return "I7 a timer fired that is not scheduled";
        }

        return now < due ? "I9 a timer fired before its time" : null;
    }

    private static string? Make(WorkflowModel workflow, in Note note)
    {
        if (note.Id != workflow.Groups.Count)
        {
            return "I15 a group has a wrong number";
        }

        workflow.Groups.Add(new GroupModel((int)note.C, (int)note.A, (int)note.B));
        return null;
    }

    private static string? Join(WorkflowModel workflow, in Note note)
    {
        if (note.Id >= workflow.Groups.Count)
        {
            return "I15 a group was joined that does not exist";
        }

        var group = workflow.Groups[(int)note.Id];
        if (group.IsJoined)
        {
            return "I15 a group was joined twice";
        }

        group.IsJoined = true;
        return group.IsMet ? null : $"I15 a group was joined before its condition held ({group})";
    }
}
