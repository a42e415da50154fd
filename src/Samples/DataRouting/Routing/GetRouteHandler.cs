using SagaFlow.Worker;

namespace DataRouting.Routing;

/// <summary>The route service: names the providers in order, and sometimes breaks down.</summary>
public sealed class GetRouteHandler(Chances chances, Dice dice) : IActivityHandler<GetRouteArguments, Route>
{
    private static readonly string[] Providers = ["RouteA", "RouteB", "RouteC", "RouteD", "RouteE"];

    public Task<ActivityOutcome<Route>> HandleAsync(
        ActivityExecutionContext<GetRouteArguments> context, CancellationToken cancellationToken)
    {
        var (packetId, failed) = context.Arguments;
        if (dice.Hits(chances.RouteError, $"route/{packetId}/{context.ActivityId}/{context.Attempt}"))
        {
            throw new IOException("network disconnect");
        }

        var provider = Providers.First(x => !failed.Contains(x));
        return Task.FromResult<ActivityOutcome<Route>>(new Route(provider));
    }
}
