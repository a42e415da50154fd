namespace SagaFlow.Storage;

/// <summary>One row of <c>activity_group</c>: activities that were asked for together and are waited for together.</summary>
/// <remarks>Its counts are changed by the statement that closes a member and stand still once the condition is met, so that
/// no member needs to read them, nor the workflow's row.</remarks>
internal sealed record GroupRecord
{
    public required Guid WorkflowId { get; init; }

    /// <summary><c>&lt;name&gt;-group-&lt;n&gt;</c>, n from 1 within the workflow.</summary>
    public required string Id { get; init; }

    /// <summary>The activity's name.</summary>
    public required string Name { get; init; }

    /// <summary>How many members it was made of.</summary>
    public required int Members { get; init; }

    /// <summary>How many members are not closed.</summary>
    public required int Open { get; init; }

    /// <summary>How many members closed without a result.</summary>
    public int Failed { get; init; }

    /// <summary>So many results meet the condition.</summary>
    public required int Needed { get; init; }

    /// <summary>One failure more than so many meets the condition too: waiting on would change nothing.</summary>
    public required int FailuresAllowed { get; init; }

    public required GroupStatus Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
