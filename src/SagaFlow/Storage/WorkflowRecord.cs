namespace SagaFlow.Storage;

/// <summary>One row of <c>workflow</c>.</summary>
internal sealed record WorkflowRecord
{
    public required Guid Id { get; init; }

    /// <summary>The workflow's type, in kebab case.</summary>
    public required string Type { get; init; }

    public required string BusinessKey { get; init; }

    /// <summary>The state's name, never a number.</summary>
    public required string State { get; init; }

    public required WorkflowStatus Status { get; init; }

    /// <summary>Counts the commits that changed this row; 0 for a row that is not stored yet.</summary>
    public int Version { get; init; }

    public int DefinitionVersion { get; init; } = 1;

    /// <summary>The author's instance as one JSON document.</summary>
    public required string Document { get; init; }

    /// <summary>How many activities of each name were scheduled: the n of the next <c>&lt;name&gt;-&lt;n&gt;</c>. JSON object.</summary>
    public required string ActivityCounts { get; init; }

    /// <summary>SHA-256 (base64) of the start message: tells a repeated start from one with other input.</summary>
    public required string InputHash { get; init; }

    /// <summary>Whether an activity was ever scheduled that ends with another one: only then is looked for it.</summary>
    public bool HasTiedActivities { get; init; }

    public string? Result { get; init; }

    /// <summary>A <see cref="Contracts.ActivityFailure"/> as JSON; why the workflow did not complete.</summary>
    public string? Failure { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ClosedAt { get; init; }
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>How those activities ended last that a <c>WhenAll</c> or <c>WhenAny</c> of the workflow names, by name. JSON object;
    /// <see langword="null"/> when there is nothing to remember.</summary>
    public string? Waits { get; init; }

    /// <summary>A <see cref="RunRecord"/> as JSON; <see langword="null"/> where the definition did not retry failed runs at the start.</summary>
    public string? Run { get; init; }
}
