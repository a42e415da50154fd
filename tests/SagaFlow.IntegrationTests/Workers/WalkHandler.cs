using SagaFlow.IntegrationTests.RabbitMq;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.Workers;

/// <summary>Goes ten steps of 200 ms, from where the attempt before was. One parcel in three goes on when it is told to stop.</summary>
internal sealed class WalkHandler : IActivityHandler<ShipArguments, Shipped>
{
    private const int Steps = 10;

    public async Task<ActivityOutcome<Shipped>> HandleAsync(ActivityExecutionContext<ShipArguments> context, CancellationToken cancellationToken)
    {
        var number = context.Arguments.Number;
        var isDeaf = number.Sum(c => c) % 3 == 0;
        var from = context.Checkpoint<int>();
        Say("begins", from);
        for (var step = from + 1; step <= Steps; step++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, isDeaf ? CancellationToken.None : cancellationToken);
            await context.HeartbeatAsync(step, CancellationToken.None);
            Say("stands", step);
        }

        return new Shipped($"parcel of {number}");

        void Say(string what, int step) => Console.WriteLine($"walk {number} {context.Attempt} {what} {step}");
    }
}
