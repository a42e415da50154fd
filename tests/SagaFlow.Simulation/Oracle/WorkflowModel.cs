namespace SagaFlow.Simulation.Oracle;

/// <summary>What the oracle remembers of one workflow: sets and maps, filled from what was committed.</summary>
internal sealed class WorkflowModel
{
    public WorkflowStanding Standing { get; set; }

    /// <summary>How many commits changed the workflow's row.</summary>
    public int Version { get; set; }

    /// <summary>What the start message said.</summary>
    public long StartContent { get; set; }

    public long Deadline { get; set; } = ActivityImage.Never;

    public List<ActivityModel> Activities { get; } = [];

    /// <summary>How many commits changed each activity's row, and which group it belongs to.</summary>
    public List<(int Version, int Group)> Rows { get; } = [];

    public List<GroupModel> Groups { get; } = [];
    public Dictionary<long, long> Timers { get; } = [];

    /// <summary>Signals that were accepted, with what they said.</summary>
    public Dictionary<long, long> Accepted { get; } = [];

    public HashSet<long> Kept { get; } = [];
    public HashSet<long> Inbox { get; } = [];

    public bool IsOver => Standing > WorkflowStanding.Running;
}
