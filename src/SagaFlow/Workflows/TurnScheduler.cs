using MassTransit;
using MassTransit.Scheduling;
using SagaFlow.Contracts;

namespace SagaFlow.Workflows;

/// <summary>What MassTransit's <c>Schedule</c> and <c>Unschedule</c> reach inside a turn: rows of the change set, not a scheduler's queue.</summary>
internal sealed class TurnScheduler(WorkflowTurn turn, Uri ownAddress, WorkflowRegistry registry) : IScheduleMessageProvider
{
    public Task<ScheduledMessage<T>> ScheduleSend<T>(
        Uri destinationAddress, DateTime scheduledTime, T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        if (destinationAddress != ownAddress || !registry.Find(turn.Workflow!.Type).MessageTypes.Values.Contains(typeof(T)))
        {
            throw new SagaFlowException(
                $"Message '{typeof(T).Name}' cannot be scheduled: a workflow schedules messages for itself, declared with Schedule(() => ..., x => x.TokenId).");
        }

        var at = new DateTimeOffset(scheduledTime.Kind == DateTimeKind.Local ? scheduledTime.ToUniversalTime() : DateTime.SpecifyKind(scheduledTime, DateTimeKind.Utc));
        var timerId = turn.Timers.Schedule(typeof(T), RawJson.Write(message), at);
        return Task.FromResult<ScheduledMessage<T>>(new ScheduledMessageHandle<T>(timerId, scheduledTime, destinationAddress, message));
    }

    public Task CancelScheduledSend(Guid tokenId, CancellationToken cancellationToken)
    {
        turn.Timers.Unschedule(tokenId);
        return Task.CompletedTask;
    }

    public Task CancelScheduledSend(Uri destinationAddress, Guid tokenId, CancellationToken cancellationToken) =>
        CancelScheduledSend(tokenId, cancellationToken);
}
