using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Tests.AspNetCore;

namespace SagaFlow.Tests.Ingress;

/// <summary>Where receipts go, whatever a sender puts into its reply address.</summary>
[Collection(CallbackCollection.Name)]
public sealed class RepliesTests(CallbackHost host)
{
    [Theory]
    [InlineData("sagaflow.control")]
    [InlineData("SagaFlow.Control")]
    [InlineData("%73agaflow.control")]
    [InlineData("stranger-2?bind=true&queue=sagaflow.control")]
    [InlineData("../sagaflow.control")]
    [InlineData("two words")]
    [InlineData("\r\n")]
    [Trait("Req", "REL-4.6-61")]
    public async Task A_receipt_is_never_sent_into_the_deployments_own_queues_or_to_an_address_in_disguise(string replyTo)
    {
        var workflowId = await host.StartAsync();
        var before = await host.QuarantinedAsync();

        await host.Get<IRawBus>().SendAsync(
            "sagaflow.answers", new RawMessage { Body = await CompletedAsync(workflowId), ReplyTo = replyTo }, CancellationToken.None);

        await host.ReachedAsync(workflowId, "Approve-1", ActivityStatus.Completed);
        await host.ShouldBeWellAsync();
        Assert.Equal(before, await host.QuarantinedAsync());
        Assert.False(host.Logs.Contains("DeliveryFailed") || host.Logs.Contains("failed 1 times"));
    }

    private async Task<byte[]> CompletedAsync(Guid workflowId) =>
        BadInput.Bytes($$"""{"kind":"completed","taskToken":"{{await host.TokenAsync(workflowId)}}","result":{"by":"Ann"} }""");
}
