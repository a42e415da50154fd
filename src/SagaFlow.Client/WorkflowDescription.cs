using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>A workflow as it is stored, read after its last commit.</summary>
public sealed record WorkflowDescription
{
    /// <summary>Gets the workflow's id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Gets the workflow's type, in kebab case.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the key by which the application knows the workflow; unique within its type.</summary>
    public required string BusinessKey { get; init; }

    /// <summary>Gets the name of the state, such as <c>GetRoute.Pending</c>.</summary>
    public required string State { get; init; }

    /// <summary>Gets the status: <c>Running</c>, <c>Completed</c>, <c>Failed</c>, <c>Canceled</c> or <c>TimedOut</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Gets the version of the definition that the workflow runs on.</summary>
    public int DefinitionVersion { get; init; } = 1;

    /// <summary>Gets the result, byte for byte; <see langword="null"/> until the workflow is completed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Gets why the workflow did not complete; <see langword="null"/> otherwise.</summary>
    public ActivityFailure? Failure { get; init; }

    /// <summary>Gets when it was started.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Gets when its row changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Gets when it ended; <see langword="null"/> while it runs.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Gets the instant at which it times out as a whole; <see langword="null"/> when it has no timeout of its own.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Gets which run this is, from 1: a workflow whose definition says so begins again when it fails.</summary>
    public int Run { get; init; } = 1;

    /// <summary>Gets when the next run begins; <see langword="null"/> unless the last one failed and another follows.</summary>
    public DateTimeOffset? NextRunAt { get; init; }
}
