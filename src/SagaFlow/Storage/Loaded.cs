namespace SagaFlow.Storage;

/// <summary>What a <see cref="LoadKey"/> named, as it stands in the database. Absent rows are <see langword="null"/> or empty.</summary>
internal sealed record Loaded(LoadKey Key)
{
    /// <summary>What time it was by the clock that decides about deadlines; <see langword="null"/> where that is the engine's own.</summary>
    public DateTimeOffset? Now { get; init; }

    public WorkflowRecord? Workflow { get; init; }
    public ActivityRecord? Activity { get; init; }
    public IReadOnlyList<ActivityRecord> OpenActivities { get; init; } = [];
    public IReadOnlyList<KeptMessage> KeptMessages { get; init; } = [];
    public InboxEntry? Seen { get; init; }
    public GroupRecord? Group { get; init; }
    public IReadOnlyList<ActivityRecord> Members { get; init; } = [];
    public TimerRecord? Timer { get; init; }
}
