using DataRouting.Transmission;
using SagaFlow.Worker;

namespace DataRouting.Routing;

/// <summary>Submits a packet to the transmit service with its task token and leaves: whoever holds the token answers.</summary>
/// <remarks>It may run more than once for one attempt; the service knows a repeated submission by its token.
/// A submission that fails is an exception, and so a failed attempt: nothing is left pending.</remarks>
public sealed class TransmitHandler(ISubmissions service) : IActivityHandler<TransmitArguments, TransmitReceipt>
{
    public async Task<ActivityOutcome<TransmitReceipt>> HandleAsync(
        ActivityExecutionContext<TransmitArguments> context, CancellationToken cancellationToken)
    {
        var (packet, provider) = context.Arguments;
        await service.SubmitAsync(new TransmissionRequest(packet.Id, provider, packet.Payload, context.TaskToken), cancellationToken);
        return ActivityOutcome.Pending;
    }
}
