using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>Raised for a heartbeat of an activity, in states that handle <c>Heartbeat</c>; in all others it passes without a trace.</summary>
/// <remarks>The activity needs a heartbeat timeout: without one, heartbeats are not recorded. What the workflow does and the record of
/// the heartbeat are stored together. A worker throttles what it sends, so that not every call of a handler arrives here.</remarks>
public sealed record ActivityHeartbeat
{
    private readonly string? _checkpoint;

    internal ActivityHeartbeat(string activityId, int attempt, string? checkpoint) =>
        (ActivityId, Attempt, _checkpoint) = (activityId, attempt, checkpoint);

    /// <summary>Gets which activity it is of, such as <c>Transmit-1</c>.</summary>
    public string ActivityId { get; }

    /// <summary>Gets the attempt that is alive, counted from 1.</summary>
    public int Attempt { get; }

    /// <summary>Reads how far the activity is.</summary>
    /// <typeparam name="TCheckpoint">The type that was given to the heartbeat.</typeparam>
    /// <returns>The value, or the type's default when this heartbeat carried none.</returns>
    public TCheckpoint? Checkpoint<TCheckpoint>() => _checkpoint is { } raw ? RawJson.ReadTaken<TCheckpoint>(raw, $"checkpoint of activity '{ActivityId}'") : default;
}
