using System.Text;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Client.Bus;

namespace SagaFlow.Tests.Client.Bus;

public sealed class RawEndpointTests
{
    private const string Queue = "sagaflow.answers";

    [Theory]
    [InlineData("application/json", "{\"kind\":\"completed\"}")]
    [InlineData("application/json", "{ broken")]
    [InlineData("application/json", "")]
    [InlineData("application/vnd.masstransit+json", "{\"messageType\":[\"urn:message:Nobody:Knows\"],\"message\":{}}")]
    [InlineData("application/vnd.masstransit+bson", "\u0001\u0000")]
    [InlineData("text/plain; charset=utf-8", "hello")]
    [InlineData("application/x-of-a-stranger", "?")]
    [Trait("Req", "REL-T23")]
    public async Task Any_body_of_any_content_type_reaches_the_receiver_unchanged(string contentType, string body)
    {
        await using var services = await StartAsync();
        var skipped = await Inbox.ConnectAsync(services, Queue + "_skipped");
        var errors = await Inbox.ConnectAsync(services, Queue + "_error");
        var inbox = await Inbox.ConnectAsync(services, Queue);

        await services.Get<IRawBus>().SendAsync(Queue, Message(body) with { ContentType = contentType }, CancellationToken.None);

        var received = await inbox.NextAsync();
        Assert.Equal(Encoding.UTF8.GetBytes(body), received.Body.ToArray());
        Assert.Equal(contentType, received.ContentType);
        Assert.True(skipped.IsEmpty && errors.IsEmpty);
    }

    [Fact]
    public async Task Message_id_headers_and_reply_address_travel_with_the_bytes()
    {
        await using var services = await StartAsync();
        var inbox = await Inbox.ConnectAsync(services, Queue);
        var message = Message("{}") with
        {
            MessageId = "0197e2c4-0000-4000-8000-000000000001",
            ReplyTo = "replies",
            CorrelationId = "17",
            Headers = new Dictionary<string, string> { ["sagaflow-mac"] = "abc" },
        };

        await services.Get<IRawBus>().SendAsync(Queue, message, CancellationToken.None);

        var received = await inbox.NextAsync();
        Assert.Equal(message.MessageId, received.MessageId);
        Assert.Equal("replies", received.ReplyTo);
        Assert.Equal("17", received.CorrelationId);
        Assert.Equal("abc", received.Headers["sagaflow-mac"]);
        Assert.False(received.Redelivered);
    }

    [Fact]
    public async Task A_message_sent_before_anybody_receives_waits_in_its_queue_and_comes_once()
    {
        await using var services = await StartAsync();
        await services.Get<IRawBus>().SendAsync(Queue, Message("early"), CancellationToken.None);

        var inbox = await Inbox.ConnectAsync(services, Queue);
        await services.Get<IRawBus>().SendAsync(Queue, Message("late"), CancellationToken.None);
        await services.Get<IRawBus>().SendAsync(Queue, Message("last"), CancellationToken.None);

        Assert.Equal("early", Encoding.UTF8.GetString((await inbox.NextAsync()).Body.Span));
        Assert.Equal("late", Encoding.UTF8.GetString((await inbox.NextAsync()).Body.Span));
        Assert.Equal("last", Encoding.UTF8.GetString((await inbox.NextAsync()).Body.Span));
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_the_message_again_after_a_pause()
    {
        var time = new ManualTimeProvider();
        await using var services = await StartAsync(time);
        var inbox = await Inbox.ConnectAsync(services, Queue);
        inbox.Failures = 2;

        await services.Get<IRawBus>().SendAsync(Queue, Message("again"), CancellationToken.None);
        await time.TimerWithinAsync(TimeSpan.FromMilliseconds(100));
        time.Advance(TimeSpan.FromMilliseconds(100));
        await time.TimerWithinAsync(TimeSpan.FromMilliseconds(500));
        time.Advance(TimeSpan.FromMilliseconds(500));

        Assert.True((await inbox.NextAsync()).Redelivered);
    }

    [Fact]
    public async Task A_cancel_message_reaches_only_those_bound_to_its_key()
    {
        await using var services = await StartAsync();
        var edi = await Inbox.ConnectAsync(services, "edi", endpoint => RawEndpoint.BindTopic(endpoint, "sagaflow.cancel", "edi.#"));
        var print = await Inbox.ConnectAsync(services, "print", endpoint => RawEndpoint.BindTopic(endpoint, "sagaflow.cancel", "print.#"));

        await services.Get<IRawBus>().PublishAsync("sagaflow.cancel", "print.w1.Transmit-1", Message("print"), CancellationToken.None);
        await services.Get<IRawBus>().PublishAsync("sagaflow.cancel", "edi.w1.Transmit-1", Message("edi"), CancellationToken.None);

        Assert.Equal("edi", Encoding.UTF8.GetString((await edi.NextAsync()).Body.Span));
        Assert.Equal("print", Encoding.UTF8.GetString((await print.NextAsync()).Body.Span));
        Assert.True(edi.IsEmpty && print.IsEmpty);
    }

    [Fact]
    public async Task The_bus_of_the_application_is_used_when_it_was_added_first()
    {
        await using var services = await RunningServices.StartAsync(s =>
        {
            s.AddMassTransit(x => x.UsingInMemory((_, bus) => bus.Host(new Uri("loopback://of-the-application"))));
            SagaFlowBus.AddTo(s);
        });
        var inbox = await Inbox.ConnectAsync(services, Queue);

        await services.Get<IRawBus>().SendAsync(Queue, Message("{}"), CancellationToken.None);

        await inbox.NextAsync();
        Assert.False(services.Get<SagaFlowBus>().IsOwn);
    }

    [Fact]
    public async Task Adding_the_bus_twice_adds_it_once()
    {
        await using var services = await RunningServices.StartAsync(s => Assert.Same(SagaFlowBus.AddTo(s), SagaFlowBus.AddTo(s)));

        Assert.True(services.Get<SagaFlowBus>().IsOwn);
    }

    private static RawMessage Message(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };

    private static Task<RunningServices> StartAsync(TimeProvider? time = null) => RunningServices.StartAsync(services =>
    {
        services.AddSingleton(time ?? TimeProvider.System);
        SagaFlowBus.AddTo(services);
    });
}
