using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>Sends a packet by one provider after another until one delivers it: four at most.</summary>
public sealed class RoutingWorkflow : WorkflowStateMachine<RoutingInstance>
{
    public RoutingWorkflow()
    {
        StartedBy(() => RoutePacket, x => x.BusinessKey(m => m.PacketId));
        Activity(() => GetRoute, a => a.StartToCloseTimeout = TimeSpan.FromSeconds(10));
        Activity(() => Transmit, a =>
        {
            a.StartToCloseTimeout = TimeSpan.FromSeconds(10);
            a.Retry.MaximumAttempts = 1;
        });

        Initially(When(RoutePacket)
            .Then(x => x.Saga.GetRouteMaximumAttempts = x.Message.GetRouteMaximumAttempts)
            .AskForRoute(this));

        During(GetRoute.Pending,
            When(GetRoute.Completed)
                .Then(x => x.Saga.Provider = x.Message.Result.Provider)
                .ExecuteActivity(Transmit, x => new TransmitArguments(x.Saga.Provider))
                .TransitionTo(Transmit.Pending),
            When(GetRoute.Failed).Fail(x => $"Gave up on GetRoute after {x.Message.Attempts} attempts"));

        During(Transmit.Pending,
            When(Transmit.Completed).Complete(x => x.Saga.Outcome(delivered: true)),
            When(Transmit.Failed)
                .Then(x => x.Saga.FailedProviders.Add(x.Saga.Provider))
                .IfElse(
                    x => x.Saga.FailedProviders.Count < RoutingInstance.TransmitMaximumAttempts,
                    again => again.AskForRoute(this),
                    enough => enough.Complete(x => x.Saga.Outcome(delivered: false))));
    }

    public Event<RoutePacket> RoutePacket { get; private set; } = null!;

    public Activity<GetRouteArguments, Route> GetRoute { get; private set; } = null!;

    public Activity<TransmitArguments, TransmitReceipt> Transmit { get; private set; } = null!;
}

public sealed class RoutingInstance : WorkflowInstance
{
    public const int TransmitMaximumAttempts = 4;

    public int GetRouteMaximumAttempts { get; set; } = 3;

    public string Provider { get; set; } = "";

    public List<string> FailedProviders { get; set; } = [];

    public RoutingOutcome Outcome(bool delivered) => new(delivered, delivered ? Provider : null, FailedProviders);
}

internal static class RoutingVerbs
{
    public static EventActivityBinder<RoutingInstance, T> AskForRoute<T>(
        this EventActivityBinder<RoutingInstance, T> binder, RoutingWorkflow workflow)
        where T : class =>
        binder.ExecuteActivity(
                workflow.GetRoute,
                x => new GetRouteArguments(x.Saga.FailedProviders),
                (x, options) => options.Retry.MaximumAttempts = x.Saga.GetRouteMaximumAttempts)
            .TransitionTo(workflow.GetRoute.Pending);
}

public sealed record RoutePacket(string PacketId, int GetRouteMaximumAttempts = 3);

public sealed record GetRouteArguments(IReadOnlyList<string> FailedProviders);

public sealed record Route(string Provider);

public sealed record TransmitArguments(string Provider);

public sealed record TransmitReceipt(bool Delivered);

public sealed record RoutingOutcome(bool Delivered, string? Provider, IReadOnlyList<string> FailedProviders);
