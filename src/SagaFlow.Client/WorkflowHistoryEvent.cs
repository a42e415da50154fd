using System.Text.Json;

namespace SagaFlow.Client;

/// <summary>One thing that happened to a workflow. It never holds a token.</summary>
/// <param name="Sequence">Increases within a workflow; gaps are normal.</param>
/// <param name="At">When it happened.</param>
/// <param name="Kind">What happened.</param>
/// <param name="ActivityId">Which activity; <see langword="null"/> for the workflow itself.</param>
/// <param name="Attempt">Which attempt, counted from 1; <see langword="null"/> when it is not about one.</param>
/// <param name="Data">What there is to say about it; <see langword="null"/> when the kind says it all.</param>
public sealed record WorkflowHistoryEvent(
    long Sequence, DateTimeOffset At, string Kind, string? ActivityId = null, int? Attempt = null, JsonElement? Data = null);
