using MassTransit;

namespace SagaFlow.Joins;

/// <summary>A <c>WhenAll</c> or <c>WhenAny</c> whose condition is met, on its way to the state machine.</summary>
internal sealed record MetWait(Event<CompletedActivities> Event, CompletedActivities Message);
