using SagaFlow.Client;
using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>Names this process among all workers, so that the engine tells its claims from those of others.</summary>
internal sealed class WorkerIdentity(IIdSource ids)
{
    private readonly Guid _id = ids.Next();

    /// <summary>The claim of an attempt: the same for each delivery that this process takes, so that a claim whose receipt was lost is
    /// granted to it again.</summary>
    public string ClaimOf(ActivityRequest request) => WireIds.Derive(_id, request.MessageId.ToString()).ToString();
}
