using System.Text.Json;

namespace SagaFlow.Worker;

/// <summary>What a handler returned, as JSON.</summary>
/// <param name="Result">The result; <see langword="null"/> when there is none.</param>
/// <param name="IsPending">Whether somebody else answers. Without a result either, the handler has forgotten to say anything.</param>
internal readonly record struct HandlerOutcome(JsonElement? Result, bool IsPending);
