using SagaFlow.Contracts;

namespace SagaFlow.Tests.Contracts;

public sealed class WireIdsTests
{
    // The name spaces of RFC 4122, appendix C, with answers of other implementations.
    [Theory]
    [InlineData("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2")]
    [InlineData("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d")]
    [InlineData("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "http://python.org/", "4c565f0d-3f5a-5890-b41b-20cf47701c5e")]
    public void Uuids_of_version_5_are_those_of_the_rfc(string space, string name, string expected)
    {
        Assert.Equal(new Guid(expected), UuidV5.Create(new Guid(space), name));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_since_it_would_share_its_bytes_with_others()
    {
        Assert.ThrowsAny<ArgumentException>(() => WireIds.Workflow("sagaflow", "order", "\ud800"));
    }

    [Fact]
    public void Workflow_ids_are_pinned_so_that_no_later_version_derives_others()
    {
        Assert.Equal(new Guid("279608d2-7159-56ad-bcdf-c2d2150b5b90"), WireIds.Workflow("sagaflow", "order", "A-1"));
        Assert.Equal(new Guid("b4f61b1c-aff6-5857-accd-3df6e5ba1e4d"), WireIds.Deployment("sagaflow"));
    }

    [Fact]
    public void A_workflow_id_follows_from_deployment_type_and_key_alone()
    {
        var ids = new[]
        {
            WireIds.Workflow("sagaflow", "order", "A-1"),
            WireIds.Workflow("other", "order", "A-1"),
            WireIds.Workflow("sagaflow", "invoice", "A-1"),
            WireIds.Workflow("sagaflow", "order", "a-1"),
            WireIds.Workflow("sagaflow", "order", "A-1 "),
        };

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], WireIds.Workflow("sagaflow", "order", "A-1"));
    }

    [Fact]
    public void Each_attempt_has_its_request_id()
    {
        var workflow = new Guid("6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11");

        Assert.Equal(WireIds.Request(workflow, "Transmit-2", 1), WireIds.Request(workflow, "Transmit-2", 1));
        Assert.NotEqual(WireIds.Request(workflow, "Transmit-2", 1), WireIds.Request(workflow, "Transmit-2", 2));
        Assert.NotEqual(WireIds.Request(workflow, "Transmit-2", 1), WireIds.Request(workflow, "Transmit-21", 1));
    }

    [Fact]
    public void A_message_id_that_is_a_uuid_is_kept_and_any_other_is_hashed()
    {
        const string uuid = "6f1d7a52-94c5-5d0e-9b1d-0a8f4f6f2c11";

        Assert.Equal(new Guid(uuid), WireIds.Message(uuid.ToUpperInvariant()));
        Assert.Equal(WireIds.Message("order 7"), WireIds.Message("order 7"));
        Assert.NotEqual(WireIds.Message("order 7"), WireIds.Message("order 8"));
        Assert.NotEqual(Guid.Empty, WireIds.Message(new string('x', WireLimits.MessageIdLength)));
        Assert.Throws<ArgumentOutOfRangeException>(() => WireIds.Message(new string('x', WireLimits.MessageIdLength + 1)));
    }

    [Fact]
    public void An_answer_without_message_id_gets_one_from_what_it_says()
    {
        var answer = Completed("""{"a":1}""");

        var id = WireIds.Answer(answer);

        Assert.Equal(id, WireIds.Answer(answer with { MessageId = "" }));
        Assert.Equal(id, WireIds.Answer(Completed("""{"a":1}""")));
        Assert.NotEqual(id, WireIds.Answer(Completed("""{"a":2}""")));
        Assert.NotEqual(id, WireIds.Answer(answer with { TaskToken = "sf1.k1.AQID.AAAA" }));
        Assert.Equal(WireIds.Message("m-1"), WireIds.Answer(answer with { MessageId = "m-1" }));
    }

    [Fact]
    public void Heartbeats_differ_by_their_sequence()
    {
        var first = new ActivityAnswer { Kind = AnswerKind.Heartbeat, TaskToken = WireSamples.Token, Sequence = 1 };

        Assert.NotEqual(WireIds.Answer(first), WireIds.Answer(first with { Sequence = 2 }));
        Assert.NotEqual(WireIds.Answer(first), WireIds.Answer(first with { Sequence = null }));
        Assert.NotEqual(WireIds.Answer(first), WireIds.Answer(first with { Kind = AnswerKind.Started }));
    }

    [Fact]
    public void The_body_hash_is_that_of_the_saying_and_not_of_its_spelling_or_way()
    {
        var hash = WireIds.BodyHash(Completed("""{"a":1}"""));

        Assert.Equal(hash, WireIds.BodyHash(Completed("""{"a":1}""") with { MessageId = "m-1", TaskToken = "sf1.k2.AQID.BAUG" }));
        Assert.NotEqual(hash, WireIds.BodyHash(Completed("""{"a": 1}""")));
    }

    private static ActivityAnswer Completed(string result) =>
        new() { Kind = AnswerKind.Completed, TaskToken = WireSamples.Token, Result = WireSamples.Json(result) };
}
