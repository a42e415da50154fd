using SagaFlow.Activities;
using SagaFlow.Simulation.Oracle;
using SagaFlow.Simulation.Randomness;
using SagaFlow.Simulation.Workload;
using SagaFlow.Storage;

namespace SagaFlow.Simulation.Worlds;

/// <summary>A workflow's rows in the simulated database, and its dice.</summary>
internal sealed class WorkflowRow(int index, Guid id, Rng rng, Definition definition)
{
    public int Index => index;
    public Guid Id => id;
    public Rng Rng => rng;
    public Definition Definition => definition;

    /// <summary>Whether this workflow's answers carry real, signed tokens.</summary>
    public bool UsesTokens { get; init; }

    public int Version { get; set; }
    public ProgramState Program { get; set; } = ProgramState.Absent;
    public long Deadline { get; set; } = ActivityImage.Never;
    public long RingAfter { get; set; }
    public List<ActivityRow> Activities { get; } = [];
    public List<GroupRow> Groups { get; } = [];
    public List<TimerRow> Timers { get; } = [];
    public HashSet<long> Inbox { get; } = [];
    public Dictionary<long, int> Accepted { get; } = [];

    /// <summary>Counts events of this workflow, for a tie that no other workflow's events change.</summary>
    public uint Ties { get; set; }

    /// <summary>Counts what its workers, signals and messages are called.</summary>
    public int Names { get; set; }
}

/// <summary>An activity's row.</summary>
internal sealed class ActivityRow(WorkflowRow workflow, int index, ActivityState state, PolicyPair policy, int group)
{
    public WorkflowRow Workflow => workflow;
    public int Index => index;
    public PolicyPair Policy => policy;
    public int Group => group;
    public ActivityState State { get; set; } = state;
    public int Version { get; set; }

    /// <summary>No ring of the deadline before this instant: one is on its way.</summary>
    public long RingAfter { get; set; }

    /// <summary>The attempt that a worker has taken and not lost.</summary>
    public int TakenAttempt { get; set; }

    public int TakenInLife { get; set; }

    public long TouchedAt { get; set; } = ActivityImage.Never;
}

/// <summary>A group's row. Its counts are changed by the commit, as the engine's statement does.</summary>
internal sealed class GroupRow(int number, int members, int needed, int failuresAllowed, int firstActivity)
{
    public int Number => number;
    public int Members { get; } = members;
    public int Needed => needed;
    public int FailuresAllowed => failuresAllowed;
    public int FirstActivity => firstActivity;
    public int Open { get; set; } = members;
    public int Failed { get; set; }
    public GroupStatus Status { get; set; } = GroupStatus.Open;
}

/// <summary>A timer's row; gone once it fired or was taken back.</summary>
internal sealed class TimerRow(int number, long dueAt, int version)
{
    public int Number => number;
    public int Version => version;
    public long DueAt { get; set; } = dueAt;
    public long RingAfter { get; set; }
}

/// <summary>A message that is stored until the broker has confirmed it.</summary>
internal sealed class OutboxRow(Message message, long createdAt)
{
    public Message Message => message;
    public long SentAt { get; set; } = createdAt;
    public bool IsDeleted { get; set; }
}
