using SagaFlow.Client;
using SagaFlow.Worker;

namespace QuickStart;

// Runs at least once for each attempt: the order's number makes a repeated charge harmless.
public sealed class ChargeHandler : IActivityHandler<ChargeCard, Charged>
{
    public Task<ActivityOutcome<Charged>> HandleAsync(
        ActivityExecutionContext<ChargeCard> context, CancellationToken cancellationToken) =>
        Task.FromResult<ActivityOutcome<Charged>>(new Charged($"charge-{context.Arguments.Number}"));
}

// Hands the token to somebody else and leaves: whoever holds it answers, now or tomorrow, from any process.
public sealed class ShipHandler(IActivityClient activities) : IActivityHandler<ShipOrder, Parcel>
{
    public Task<ActivityOutcome<Parcel>> HandleAsync(
        ActivityExecutionContext<ShipOrder> context, CancellationToken cancellationToken)
    {
        _ = CarrierPicksUpAsync(context.TaskToken);
        return Task.FromResult<ActivityOutcome<Parcel>>(ActivityOutcome.Pending);
    }

    private async Task CarrierPicksUpAsync(string taskToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        await activities.CompleteAsync(taskToken, new Parcel("P-7"));
    }
}
