using SagaFlow.Contracts;

namespace SagaFlow.Activities;

/// <summary>What the core decided about one event: the new state, what to do, and what to tell the sender.</summary>
/// <param name="State">The new state; the same instance when nothing changed.</param>
/// <param name="Effects">What the shell must do, in order; empty when nothing changed.</param>
/// <param name="Disposition">What became of the event.</param>
/// <param name="Detail">One sentence for a person; <see langword="null"/> when the disposition says it all.</param>
/// <param name="CancelRequested">Whether the sender should stop its work.</param>
internal sealed record Decision(
    ActivityState State,
    IReadOnlyList<ActivityEffect> Effects,
    Disposition Disposition,
    string? Detail = null,
    bool CancelRequested = false);
