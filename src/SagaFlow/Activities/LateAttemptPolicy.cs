namespace SagaFlow;

/// <summary>What becomes of a result that an attempt brings after it has timed out, while its activity is still open.</summary>
/// <remarks>An activity that has ended takes nothing, and an attempt that an answer closed keeps that answer, whatever the policy.
/// Only a result counts late: a failure, a heartbeat or a release of an earlier attempt is refused in any case.</remarks>
public enum LateAttemptPolicy
{
    /// <summary>The result is refused as <c>timed_out</c>, or as <c>stale_attempt</c> once a newer attempt exists.</summary>
    Refuse,

    /// <summary>The result completes the activity; a newer attempt that is open is told to stop.</summary>
    Accept,

    /// <summary>The result completes the activity unless a newer attempt was handed out; then it is refused as <c>stale_attempt</c>.</summary>
    AcceptIfNotRedispatched,
}
