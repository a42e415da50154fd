namespace SagaFlow.Simulation.Oracle;

/// <summary>One committed change set, translated: what happened to activities, and what was noted of the workflow.</summary>
internal sealed class Commit
{
    public int Workflow { get; set; }

    /// <summary>The one "now" of its turn.</summary>
    public long Now { get; set; }

    /// <summary>Names the message that may be applied once only; 0 for none.</summary>
    public long Inbox { get; set; }

    /// <summary>The version that the workflow's row has now; 0 when the row was not written.</summary>
    public int WorkflowVersion { get; set; }

    public List<Step> Steps { get; } = [];
    public List<Fact> Facts { get; } = [];
    public List<Note> Notes { get; } = [];

    public void Clear()
    {
        Inbox = 0;
        WorkflowVersion = 0;
        Steps.Clear();
        Facts.Clear();
        Notes.Clear();
    }
}

/// <summary>One thing that happened to one activity, and the row that the engine stored because of it.</summary>
internal struct Step
{
    public int Activity { get; set; }
    public Happening What { get; set; }
    public ActivityImage Stored { get; set; }
    public int RowVersion { get; set; }

    /// <summary>How many of the commit's facts, in order, belong to this step.</summary>
    public int Facts { get; set; }

    /// <summary>Of a new activity: its policy, and the group that it is a member of, -1 for none.</summary>
    public Terms? Terms { get; set; }
    public int Group { get; set; }
}

/// <summary>What was noted of the workflow itself.</summary>
internal enum NoteKind
{
    Started,
    Ended,
    SignalTaken,
    SignalKept,
    SignalRaised,
    SignalDropped,
    TimerSet,
    TimerTakenBack,
    TimerFired,
    GroupMade,
    GroupJoined,
}

/// <summary>One line of a workflow's story.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Id">Of which signal, timer or group; of an end the <see cref="WorkflowStanding"/>.</param>
/// <param name="A">Of a timer or start: the deadline, -1 for none; of a group: how many results are needed; of a signal: its content.</param>
/// <param name="B">Of a group: how many failures are allowed; of a start: its content.</param>
/// <param name="C">Of a group: how many members it has.</param>
internal readonly record struct Note(NoteKind Kind, long Id, long A = 0, long B = 0, long C = 0);
