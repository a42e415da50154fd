using MassTransit;
using SagaFlow;

namespace DataRouting.Routing;

/// <summary>Delivers a packet, trying one route provider after the other: four at the most.</summary>
public sealed class DataRoutingWorkflow : WorkflowStateMachine<DataRoutingInstance>
{
    public DataRoutingWorkflow(RoutingTimes times)
    {
        StartedBy(() => RoutePacket, x => x.BusinessKey(m => m.Packet.Id));

        Activity(() => GetRoute, a =>
        {
            a.StartToCloseTimeout = times.GetRouteTimeout;
            a.Retry.InitialInterval = times.RetryInterval;
        });
        Activity(() => Transmit, a =>
        {
            a.StartToCloseTimeout = times.TransmitTimeout;
            a.Retry.MaximumAttempts = 1;
        });

        Initially(
            When(RoutePacket)
                .Then(x => x.Saga.Begin(x.Message))
                .AskForRoute(this));

        During(GetRoute.Pending,
            When(GetRoute.Completed)
                .Then(x => x.Saga.Use(x.Message.Result))
                .ExecuteActivity(Transmit, x => new TransmitArguments(x.Saga.Packet, x.Saga.CurrentProvider!))
                .TransitionTo(Transmit.Pending),
            When(GetRoute.Failed)
                .Fail(x => $"Gave up on GetRoute after {x.Message.Attempts} attempts"));

        During(Transmit.Pending,
            When(Transmit.Completed)
                .Complete(x => x.Saga.Delivered()),
            When(Transmit.Failed)
                .Then(x => x.Saga.GiveUpProvider())
                .Publish(x => new ProviderFailed(x.Saga.Packet.Id, x.Saga.FailedProviders[^1], x.Message.Failure.Message))
                .IfElse(x => x.Saga.MayTryAnother,
                    again => again.AskForRoute(this),
                    over => over.Complete(x => x.Saga.Undelivered())));
    }

    public Event<RoutePacket> RoutePacket { get; private set; } = null!;

    public Activity<GetRouteArguments, Route> GetRoute { get; private set; } = null!;

    public Activity<TransmitArguments, TransmitReceipt> Transmit { get; private set; } = null!;
}

/// <summary>What the table above says in one word.</summary>
internal static class DataRoutingWorkflowVerbs
{
    public static EventActivityBinder<DataRoutingInstance, TMessage> AskForRoute<TMessage>(
        this EventActivityBinder<DataRoutingInstance, TMessage> binder, DataRoutingWorkflow workflow)
        where TMessage : class =>
        binder
            .ExecuteActivity(
                workflow.GetRoute,
                x => new GetRouteArguments(x.Saga.Packet.Id, x.Saga.FailedProviders),
                (x, options) => options.Retry.MaximumAttempts = x.Saga.GetRouteMaximumAttempts)
            .TransitionTo(workflow.GetRoute.Pending);
}
