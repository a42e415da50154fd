using System.Text.Json;

namespace SagaFlow.Worker;

/// <summary>What a handler returned, as JSON.</summary>
/// <param name="Result">The result; <see langword="null"/> when the outcome is pending.</param>
internal readonly record struct HandlerOutcome(JsonElement? Result)
{
    public bool IsPending => Result is null;
}
