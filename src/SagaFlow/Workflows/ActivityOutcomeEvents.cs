using MassTransit;

namespace SagaFlow.Workflows;

/// <summary>The events by which an activity's end reaches its workflow.</summary>
internal readonly record struct ActivityOutcomeEvents(Event Completed, Event Failed, Event TimedOut, Event Canceled, Event Joined)
{
    public bool Contains(Event @event) =>
        @event.Equals(Completed) || @event.Equals(Failed) || @event.Equals(TimedOut) || @event.Equals(Canceled)
        || @event.Equals(Joined);
}
