using System.Text.Json;
using SagaFlow.Contracts;

namespace SagaFlow.Client;

/// <summary>An activity of a workflow as it is stored.</summary>
public sealed record ActivityDescription
{
    /// <summary>Gets the activity's id within the workflow, such as <c>Transmit-2</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the activity's name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the task queue that its requests go to.</summary>
    public required string TaskQueue { get; init; }

    /// <summary>Gets the name of its status, such as <c>Scheduled</c>, <c>Started</c> or <c>Completed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Gets the current attempt, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets when the activity was scheduled.</summary>
    public required DateTimeOffset ScheduledAt { get; init; }

    /// <summary>Gets when the current attempt started; <see langword="null"/> when it has not, as far as is known.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Gets the last heartbeat of the current attempt; <see langword="null"/> when there was none.</summary>
    public DateTimeOffset? LastHeartbeatAt { get; init; }

    /// <summary>Gets the progress that the next attempt is to continue from; <see langword="null"/> when there is none.</summary>
    public JsonElement? Checkpoint { get; init; }

    /// <summary>Gets the next deadline; <see langword="null"/> when the activity is closed or waits without any.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Gets the result, byte for byte; <see langword="null"/> until the activity is completed.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Gets the last failure; <see langword="null"/> when there was none.</summary>
    public ActivityFailure? Failure { get; init; }

    /// <summary>Gets when the activity ended; <see langword="null"/> while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}
