using SagaFlow.Activities;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Tests.Client.Bus;

namespace SagaFlow.Tests.Ingress;

/// <summary>Genuine answers on the bus for workflows that the store does not know, or does not know yet.</summary>
[Collection(CallbackCollection.Name)]
public sealed class UnknownAnswersTests(CallbackHost host)
{
    [Fact]
    [Trait("Req", "REL-R1")]
    public async Task An_answer_that_is_there_before_its_workflow_is_applied_once_the_workflow_is_there()
    {
        var token = TokenOf("P-early");

        var telling = host.SendAsync(Completed(token));
        await host.Clock.TimerWithinAsync(TimeSpan.FromMilliseconds(250));
        await host.Get<StartIngress>().StartAsync("permit", """{"number":"P-early"}""", null, default);
        var told = await host.AdvanceUntilAsync(telling);

        Assert.Equal(Disposition.Applied, told.Disposition);
        Assert.Null(told.Code);
    }

    [Fact]
    [Trait("Req", "REL-R1")]
    public async Task An_answer_of_nobody_is_told_so_but_not_before_thirty_seconds()
    {
        var token = TokenOf("P-nobody");
        var sentAt = host.Clock.GetUtcNow();

        var told = await host.AdvanceUntilAsync(host.SendAsync(Completed(token)));

        Assert.Equal((Disposition.UnknownWorkflow, "unknown_workflow"), (told.Disposition, told.Code));
        Assert.True(host.Clock.GetUtcNow() - sentAt >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    [Trait("Req", "REL-R1")]
    public async Task What_was_put_aside_is_sent_again_as_it_came_with_its_token()
    {
        await host.AdvanceUntilAsync(host.SendAsync(Completed(TokenOf("P-restored")), x => x with { MessageId = "final" }));
        var aside = (await Quarantine.ListAsync())[0];
        var workflowId = (await host.Get<StartIngress>().StartAsync("permit", """{"number":"P-restored"}""", null, default)).WorkflowId!.Value;

        Assert.True(await Quarantine.RequeueAsync(aside.Id));
        await host.ReachedAsync(workflowId, "Approve-1", ActivityStatus.Completed);

        Assert.DoesNotContain(await Quarantine.ListAsync(), x => x.Id == aside.Id);
        Assert.Contains("[redacted]", aside.Body, StringComparison.Ordinal);
        Assert.False(await Quarantine.RequeueAsync(aside.Id));
    }

    [Fact]
    public async Task What_is_dropped_is_gone()
    {
        await host.SendAsync("not json"u8.ToArray());
        var aside = (await Quarantine.ListAsync())[0];

        Assert.True(await Quarantine.DropAsync(aside.Id));

        Assert.Null(await host.Get<IQuarantine>().FindAsync(aside.Id, default));
        Assert.False(await Quarantine.DropAsync(aside.Id));
    }

    [Fact]
    [Trait("Req", "P10")]
    public async Task An_answer_that_comes_again_while_it_waits_is_put_aside_once_and_each_sender_is_told()
    {
        var replies = await host.InboxAsync("two-senders");
        var before = (await Quarantine.ListAsync(10_000)).Count;
        var message = new RawMessage { Body = Completed(TokenOf("P-twice")), ReplyTo = "two-senders" };
        Assert.True(WireJson.TryReadAnswer(message.Body, out var answer, out _));
        var first = new Receipt(Disposition.UnknownWorkflow, "No such workflow");

        Assert.Null(await host.Get<UnknownAnswers>().SettleAsync(message with { CorrelationId = "1" }, answer, first, default));
        Assert.Null(await host.Get<UnknownAnswers>().SettleAsync(message with { CorrelationId = "2" }, answer, first, default));
        string?[] told = [(await host.AdvanceUntilAsync(replies.NextAsync())).CorrelationId, (await replies.NextAsync()).CorrelationId];

        Assert.Equal(["1", "2"], told.Order(StringComparer.Ordinal));
        Assert.Equal(before + 1, (await Quarantine.ListAsync(10_000)).Count);
    }

    [Fact]
    public async Task What_was_too_large_to_be_kept_can_only_be_dropped()
    {
        await host.SendAsync(new byte[WireLimits.BodyBytes + 1]);
        var aside = (await Quarantine.ListAsync(1))[0];

        var refused = await Assert.ThrowsAsync<SagaFlowException>(() => Quarantine.RequeueAsync(aside.Id));

        Assert.Contains("only be dropped", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-4.6-61")]
    public async Task A_receipt_goes_to_the_response_address_of_an_envelope_and_in_an_envelope()
    {
        var responses = await host.InboxAsync("responses-of-a-service");
        var envelope = BadInput.Bytes("""
            {"messageType":["urn:message:sagaflow:activity-completed"],"requestId":"0197e2c4-0000-4000-8000-000000000009",
             "responseAddress":"loopback://localhost/responses-of-a-service","message":{"taskToken":"sf1.a.b.c"}}
            """);

        await host.Get<IRawBus>().SendAsync("sagaflow.answers", new RawMessage { Body = envelope, ContentType = "application/vnd.masstransit+json" }, default);
        var reply = await responses.NextAsync();

        Assert.Equal("application/vnd.masstransit+json", reply.ContentType);
        Assert.True(WireJson.TryUnwrapEnvelope(reply.Body, out var wrapped, out _));
        Assert.Equal(["urn:message:sagaflow:receipt"], wrapped.MessageTypes);
        Assert.Equal("0197e2c4-0000-4000-8000-000000000009", wrapped.RequestId);
        Assert.True(WireJson.TryReadReceipt(wrapped.Message, out var receipt, out _));
        Assert.Equal(Disposition.Malformed, receipt.Disposition);
    }

    private IMessageQuarantine Quarantine => host.Get<IMessageQuarantine>();

    private string TokenOf(string number) => host.Mint(WireIds.Workflow("sagaflow", "permit", number), x => x);

    private static byte[] Completed(string token) => BadInput.Bytes($$"""{"kind":"completed","taskToken":"{{token}}","result":{"by":"Ann"} }""");
}
