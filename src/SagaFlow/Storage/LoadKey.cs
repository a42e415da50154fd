namespace SagaFlow.Storage;

/// <summary>Names what one message needs to see.</summary>
internal sealed record LoadKey(Guid WorkflowId)
{
    /// <summary>Whether the workflow's row and its kept messages are read.</summary>
    public bool Workflow { get; init; }

    /// <summary>The one activity that is read; <see langword="null"/> for none.</summary>
    public string? ActivityId { get; init; }

    /// <summary>Whether all activities that are not closed are read, for a workflow that is about to end.</summary>
    public bool OpenActivities { get; init; }

    /// <summary>The one timer that is read; <see langword="null"/> for none.</summary>
    public Guid? TimerId { get; init; }

    /// <summary>The message that is looked up in the inbox; <see langword="null"/> for none.</summary>
    public InboxKey? Inbox { get; init; }

    /// <summary>The group that is read with all its members; <see langword="null"/> for none.</summary>
    public string? GroupId { get; init; }
}
