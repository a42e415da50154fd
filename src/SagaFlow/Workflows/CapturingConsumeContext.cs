using MassTransit;
using MassTransit.Configuration;
using MassTransit.Context;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>The context that a state machine runs in: what it publishes, sends or responds joins the turn's change set.</summary>
internal sealed class CapturingConsumeContext<TMessage> : ConsumeContextScope<TMessage>, OutboxSendContext
    where TMessage : class
{
    private readonly WorkflowTurn _turn;
    private readonly IServiceProvider _services;

    public CapturingConsumeContext(ConsumeContext<TMessage> context, WorkflowTurn turn, IServiceProvider services)
        : base(context, turn, SchedulerOf(context, turn, services))
    {
        _turn = turn;
        _services = services;
        var receive = new OutboxReceiveContext(this, context.ReceiveContext);
        ReceiveContext = receive;
        PublishEndpointProvider = receive.PublishEndpointProvider;
    }

    // MassTransit asks for it only when the machine schedules or unschedules something.
    private static ConsumeMessageSchedulerContext SchedulerOf(ConsumeContext context, WorkflowTurn turn, IServiceProvider services) => new(
        context,
        _ => new MessageScheduler(
            new TurnScheduler(turn, context.ReceiveContext.InputAddress, services.GetRequiredService<WorkflowRegistry>()),
            services.GetRequiredService<IBus>().Topology));

    public object? GetService(Type serviceType) => _services.GetService(serviceType);

    /// <summary>Makes endpoints that the author resolves from the container while the machine runs capture as well.</summary>
    public IDisposable? CaptureScope() =>
        TryGetPayload<IServiceScope>(out var scope) && _services.GetService<IBusRegistrationContext>() is ISetScopedConsumeContext setter
            ? setter.PushContext(scope, this)
            : null;

    public Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        context.MessageId = _turn.NextMessageId();
        var body = context.Serializer.GetMessageBody(context).GetBytes();
        _turn.Capture(OutgoingKind.Send, context.DestinationAddress!.AbsoluteUri, context.ContentType!.ToString(), body);
        return Task.CompletedTask;
    }
}
