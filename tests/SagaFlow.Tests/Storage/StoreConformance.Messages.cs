using System.Text;
using SagaFlow.Storage;

namespace SagaFlow.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    [Trait("Req", "REL-C3")]
    public async Task A_message_that_was_applied_is_a_duplicate_and_writes_nothing()
    {
        var id = Records.Id(1);
        await StartAsync(id);

        var result = await Flow.CommitAsync(new ChangeSet(id)
        {
            Inbox = Records.Inbox(id, id),
            Workflow = (await StoredAsync(id)) with { State = "Twice" },
        });

        Assert.Equal(CommitResult.Duplicate, result);
        Assert.Equal("GetRoute.Pending", (await StoredAsync(id)).State);
    }

    [Fact]
    public async Task A_duplicate_is_told_before_a_conflict()
    {
        await StartAsync(Records.Id(1));

        Assert.Equal(CommitResult.Duplicate, await Flow.CommitAsync(Records.Start(Records.Id(1))));
    }

    [Fact]
    public async Task The_same_message_id_at_another_endpoint_or_for_another_workflow_is_another_message()
    {
        var message = Records.Id(7);
        await Flow.CommitAsync(new ChangeSet(Records.Id(1)) { Inbox = Records.Inbox(Records.Id(1), message) });

        var elsewhere = await Flow.CommitAsync(new ChangeSet(Records.Id(1)) { Inbox = Records.Inbox(Records.Id(1), message, "sagaflow.control") });
        var another = await Flow.CommitAsync(new ChangeSet(Records.Id(2)) { Inbox = Records.Inbox(Records.Id(2), message) });

        Assert.Equal((CommitResult.Committed, CommitResult.Committed), (elsewhere, another));
    }

    [Fact]
    public async Task A_message_that_was_applied_is_found_with_the_hash_of_its_body()
    {
        var entry = Records.Inbox(Records.Id(1), Records.Id(7)) with { BodyHash = "b3RoZXI=" };
        await Flow.CommitAsync(new ChangeSet(Records.Id(1)) { Inbox = entry });

        var loaded = await Flow.LoadAsync(new LoadKey(Records.Id(1)) { Inbox = entry.Key });

        Assert.Equal(entry, loaded.Seen);
    }

    [Fact]
    public async Task Kept_messages_are_loaded_in_the_order_of_their_arrival_until_they_are_released()
    {
        var id = Records.Id(1);
        await StartAsync(id);
        await Flow.CommitAsync(new ChangeSet(id) { Kept = [Records.Kept(id, Records.Id(9)), Records.Kept(id, Records.Id(8))] });
        await Flow.CommitAsync(new ChangeSet(id) { Kept = [Records.Kept(id, Records.Id(7))] });

        var before = (await Flow.LoadAsync(new LoadKey(id) { Workflow = true })).KeptMessages;
        await Flow.CommitAsync(new ChangeSet(id) { Released = [Records.Id(8)] });
        var after = (await Flow.LoadAsync(new LoadKey(id) { Workflow = true })).KeptMessages;

        Assert.Equal([Records.Kept(id, Records.Id(9)), Records.Kept(id, Records.Id(8)), Records.Kept(id, Records.Id(7))], before);
        Assert.Equal([Records.Id(9), Records.Id(7)], after.Select(kept => kept.MessageId));
    }

    [Fact]
    [Trait("Req", "REL-C5")]
    public async Task Unconfirmed_messages_are_read_oldest_first_up_to_the_instant_and_the_limit()
    {
        var id = Records.Id(1);
        OutgoingMessage[] sent = [.. Enumerable.Range(0, 4).Select(i => Records.Outgoing(Records.Id(10 - i), id, Records.Now.AddMicroseconds(i)))];
        await Flow.CommitAsync(new ChangeSet(id) { Outgoing = [sent[2], sent[0], sent[3], sent[1]] });

        var before = await Flow.Outbox.ReadUnconfirmedAsync(Records.Now.AddMicroseconds(3), 10, default);
        var limited = await Flow.Outbox.ReadUnconfirmedAsync(Records.Now.AddMicroseconds(3), 2, default);

        Assert.Equal([sent[0].Id, sent[1].Id, sent[2].Id], before.Select(message => message.Id));
        Assert.Equal([sent[0].Id, sent[1].Id], limited.Select(message => message.Id));
    }

    [Fact]
    [Trait("Req", "REL-C5")]
    [Trait("Req", "REL-T11")]
    public async Task A_claimed_message_is_not_claimed_again_before_its_lease_is_over()
    {
        await SendAsync(Records.Now, Records.Now.AddMicroseconds(1));
        var (now, lease) = (Records.Now.AddSeconds(5), Records.Now.AddSeconds(20));

        var first = await ClaimAsync(now, lease);
        var whileLeased = await ClaimAsync(lease.AddMicroseconds(-1), lease.AddSeconds(15));
        var afterwards = await ClaimAsync(lease, lease.AddSeconds(15));

        Assert.Equal([Records.Id(10), Records.Id(11)], first);
        Assert.Empty(whileLeased);
        Assert.Equal(first, afterwards);
    }

    [Fact]
    [Trait("Req", "REL-C5")]
    public async Task Only_messages_older_than_the_instant_are_claimed_up_to_the_limit()
    {
        await SendAsync(Records.Now, Records.Now.AddMicroseconds(1), Records.Now.AddMicroseconds(2));

        var claimed = await Flow.Outbox.ClaimUnconfirmedAsync(Records.Now, Records.Now.AddMicroseconds(2), Records.Now.AddSeconds(15), 10, default);
        var rest = await Flow.Outbox.ClaimUnconfirmedAsync(Records.Now, Records.Now.AddMicroseconds(3), Records.Now.AddSeconds(15), 10, default);

        Assert.Equal([Records.Id(10), Records.Id(11)], claimed.Select(x => x.Id));
        Assert.Equal([Records.Id(12)], rest.Select(x => x.Id));
    }

    [Fact]
    [Trait("Req", "REL-T11")]
    public async Task Messages_that_cannot_be_sent_do_not_stand_in_the_way_of_the_next()
    {
        await SendAsync([.. Enumerable.Range(0, 6).Select(i => Records.Now.AddMicroseconds(i))]);

        var claims = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            claims.AddRange((await Flow.Outbox.ClaimUnconfirmedAsync(
                Records.Now.AddSeconds(5), Records.Now.AddSeconds(5), Records.Now.AddSeconds(20), 2, default)).Select(x => x.Id));
        }

        Assert.Equal(Enumerable.Range(10, 6).Select(i => Records.Id(i)), claims);
    }

    [Fact]
    public async Task Two_that_claim_at_once_share_the_messages()
    {
        await SendAsync([.. Enumerable.Range(0, 40).Select(i => Records.Now.AddMicroseconds(i))]);

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ClaimAsync(Records.Now.AddSeconds(5), Records.Now.AddSeconds(20)))));

        Assert.Equal(40, claims.Sum(x => x.Count));
        Assert.Equal(40, claims.SelectMany(x => x).Distinct().Count());
    }

    [Fact]
    [Trait("Req", "REL-C5")]
    public async Task A_message_that_one_sender_claimed_is_left_to_it_until_its_lease_is_over()
    {
        var id = Records.Id(1);
        var before = Records.Now.AddMicroseconds(2);
        var lease = Records.Now.AddSeconds(15);
        await Flow.CommitAsync(new ChangeSet(id)
        {
            Outgoing = [.. Enumerable.Range(0, 3).Select(i => Records.Outgoing(Records.Id(10 - i), id, Records.Now.AddMicroseconds(i)))],
        });

        var first = await Flow.Outbox.ClaimUnconfirmedAsync(Records.Now, before, lease, 1, default);
        var second = await Flow.Outbox.ClaimUnconfirmedAsync(Records.Now, before, lease, 10, default);
        var early = await Flow.Outbox.ClaimUnconfirmedAsync(lease.AddMicroseconds(-1), before, lease, 10, default);
        var again = await Flow.Outbox.ClaimUnconfirmedAsync(lease, before, lease.AddSeconds(15), 10, default);

        Assert.Equal(Records.Id(10), Assert.Single(first).Id);
        Assert.Equal(Records.Id(9), Assert.Single(second).Id);
        Assert.Empty(early);
        Assert.Equal([Records.Id(10), Records.Id(9)], again.Select(message => message.Id));
    }

    [Fact]
    public async Task Senders_that_claim_at_once_never_get_the_same_message()
    {
        var id = Records.Id(1);
        await Flow.CommitAsync(new ChangeSet(id) { Outgoing = [.. Enumerable.Range(0, 200).Select(i => Records.Outgoing(Records.Id(i), id))] });

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Flow.Outbox.ClaimUnconfirmedAsync(Records.Now, Records.Now.AddSeconds(1), Records.Now.AddSeconds(15), 50, default))));

        var messages = claims.SelectMany(claimed => claimed).Select(message => message.Id).ToList();
        Assert.Equal((200, 200), (messages.Count, messages.Distinct().Count()));
    }

    [Fact]
    public async Task Deleting_messages_twice_is_no_error()
    {
        await StartAsync(Records.Id(1));

        await Flow.Outbox.DeleteAsync([Records.Id(1), Records.Id(5)], default);
        await Flow.Outbox.DeleteAsync([Records.Id(1)], default);
        await Flow.Outbox.DeleteAsync([], default);

        Assert.Empty(await Flow.OutgoingAsync());
    }

    [Fact]
    public async Task An_outgoing_message_is_read_back_as_it_was_written()
    {
        var id = Records.Id(1);
        var written = new OutgoingMessage(
            Records.Id(2), id, OutgoingKind.Cancel, "edi.x", "application/vnd.masstransit+json", """{"a":"b"}""", [0, 255, 128, 10], Records.Now);

        await Flow.CommitAsync(new ChangeSet(id) { Outgoing = [written] });

        var read = Assert.Single(await Flow.OutgoingAsync());
        Assert.Equal(written.Body, read.Body);
        Assert.Equal(written, read with { Body = written.Body });
    }

    [Fact]
    public async Task A_quarantined_message_is_found_with_its_sender_and_original_until_it_is_removed()
    {
        var message = new QuarantinedMessage(
            Records.Id(1), "sagaflow.answers", "text/plain", [1], "No JSON", Records.Now, "user 'ann'", [0, 255, 7]);
        await Flow.Quarantine.AddAsync(message, default);

        var found = await Flow.Quarantine.FindAsync(message.Id, default);
        var removed = await Flow.Quarantine.RemoveAsync(message.Id, default);

        Assert.Equal(message, found! with { Body = message.Body, Original = message.Original });
        Assert.Equal(message.Original, found.Original);
        Assert.True(removed);
        Assert.False(await Flow.Quarantine.RemoveAsync(message.Id, default));
        Assert.Null(await Flow.Quarantine.FindAsync(message.Id, default));
    }

    [Fact]
    public async Task A_quarantined_message_is_there_once_with_its_reason()
    {
        var first = new QuarantinedMessage(Records.Id(1), "sagaflow.answers", "text/plain", Encoding.UTF8.GetBytes("{"), "No JSON", Records.Now);
        var second = first with { Id = Records.Id(2), At = Records.Now.AddMicroseconds(1) };

        await Flow.Quarantine.AddAsync(first, default);
        await Flow.Quarantine.AddAsync(second, default);
        await Flow.Quarantine.AddAsync(first, default);

        var read = await Flow.Quarantine.ReadAsync(10, default);
        Assert.Equal([second.Id, first.Id], read.Select(message => message.Id));
        Assert.Equal(first, read[1] with { Body = first.Body });
        Assert.Equal(first.Body, read[1].Body);
        Assert.Single(await Flow.Quarantine.ReadAsync(1, default));
    }

    [Theory]
    [InlineData("""{"text":"\u0000"}""")]
    [InlineData("""{"text":"\ud83d"}""")]
    [InlineData("""{"text":"😀 ü ﷽"}""")]
    [InlineData("""[1e400000, -0, 12345678901234567890.10, 1.0]""")]
    [InlineData("""  {"a" : 1,"a":2 }  """)]
    [InlineData("null")]
    [InlineData("")]
    [Trait("Req", "REL-D10")]
    public async Task Opaque_payloads_are_kept_byte_for_byte(string payload)
    {
        var id = Records.Id(1);
        var activity = Records.Activity(id) with { Arguments = payload, Result = payload, Checkpoint = payload };

        await Flow.CommitAsync(new ChangeSet(id)
        {
            Workflow = Records.Workflow(id) with { Document = payload, Result = payload },
            Activities = [Records.Row(activity)],
            History = [Records.History(id, data: payload)],
            Kept = [Records.Kept(id, Records.Id(7)) with { Body = payload }],
        });

        var loaded = await Flow.LoadAsync(new LoadKey(id) { Workflow = true, ActivityId = activity.Id });
        Assert.Equal((payload, payload), (loaded.Workflow!.Document, loaded.Workflow.Result));
        Assert.Equal((payload, payload, payload), (loaded.Activity!.State.Arguments, loaded.Activity.State.Result, loaded.Activity.State.Checkpoint));
        Assert.Equal(payload, loaded.KeptMessages[0].Body);
        Assert.Equal(payload, (await Flow.HistoryAsync(id))[0].Data);
        Assert.Equal(payload, (await Flow.Reader.FindWorkflowAsync(id, default))!.Document);
    }

    private Task<CommitResult> SendAsync(params DateTimeOffset[] instants) => Flow.CommitAsync(new ChangeSet(Records.Id(1))
    {
        Outgoing = [.. instants.Select((at, i) => Records.Outgoing(Records.Id(10 + i), Records.Id(1), at))],
    });

    private async Task<List<Guid>> ClaimAsync(DateTimeOffset now, DateTimeOffset leaseUntil) =>
        [.. (await Flow.Outbox.ClaimUnconfirmedAsync(now, now, leaseUntil, 100, default)).Select(x => x.Id)];
}
