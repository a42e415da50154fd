using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using RabbitMQ.Client;
using SagaFlow.Client.Bus;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Tests.Client.Bus.RabbitMq;

/// <summary>A slot on a broker that fails in the middle of something while its connection stays.</summary>
public sealed class RabbitMqSlotConsumerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<FakeSession> _sessions = [];

    [Theory]
    [InlineData("acknowledge", false)]
    [InlineData("acknowledge", true)]
    [InlineData("cancel", true)]
    public async Task A_session_on_which_a_delivery_cannot_be_settled_is_closed_and_leaves_no_consumer_behind(string broken, bool outlives)
    {
        using var shared = new RabbitMqSharedSession("edi", OpenAsync, NullLogger.Instance);
        var slots = new RabbitMqSlotConsumer("edi", shared, TimeProvider.System);
        var run = new TaskCompletionSource();
        var consuming = slots.ConsumeAsync((_, _) => Task.FromResult(outlives ? run.Task : Task.CompletedTask), () => { }, CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(_sessions is [{ Consumer: not null }]));

        await _sessions[0].DeliverAsync(broken);

        await Assert.ThrowsAsync<ConsumeException>(() => consuming.WaitAsync(Patience));
        await _sessions[0].Connection.Received().CloseAsync(Arg.Any<ushort>(), Arg.Any<string>(), Arg.Any<TimeSpan>(), abort: true, Arg.Any<CancellationToken>());
        Assert.NotSame(await _sessions[0].Session, await shared.GetAsync());
        Assert.Equal(2, _sessions.Count);
    }

    [Fact]
    public async Task A_slot_that_cannot_leave_its_queue_closes_the_session()
    {
        using var shared = new RabbitMqSharedSession("edi", OpenAsync, NullLogger.Instance);
        var slots = new RabbitMqSlotConsumer("edi", shared, TimeProvider.System);
        using var leaving = new CancellationTokenSource();
        var consuming = slots.ConsumeAsync((_, _) => Task.FromResult(Task.CompletedTask), () => { }, leaving.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(_sessions is [{ Consumer: not null }]));
        _sessions[0].Break("cancel");

        await leaving.CancelAsync();

        await Assert.ThrowsAsync<ConsumeException>(() => consuming.WaitAsync(Patience));
        Assert.True((await _sessions[0].Session).Ended.IsCompleted);
    }

    [Fact]
    public async Task A_session_on_which_a_slot_did_not_hear_that_it_consumes_is_closed_and_leaves_no_consumer_behind()
    {
        using var shared = new RabbitMqSharedSession("edi", OpenAsync, NullLogger.Instance);
        var slots = new RabbitMqSlotConsumer("edi", shared, TimeProvider.System);
        await shared.GetAsync();
        _sessions[0].Break("consume");

        await Assert.ThrowsAsync<ConsumeException>(
            () => slots.ConsumeAsync((_, _) => Task.FromResult(Task.CompletedTask), () => { }, CancellationToken.None).WaitAsync(Patience));

        Assert.True((await _sessions[0].Session).Ended.IsCompleted);
        Assert.NotSame(await _sessions[0].Session, await shared.GetAsync());
    }

    private Task<RabbitMqConsumerSession> OpenAsync(CancellationToken cancellationToken)
    {
        var session = new FakeSession();
        _sessions.Add(session);
        return session.Session;
    }

    private sealed class FakeSession
    {
        private readonly IChannel _channel = Substitute.For<IChannel>();

        public FakeSession()
        {
            Connection.CreateChannelAsync(null, CancellationToken.None).ReturnsForAnyArgs(_channel);
            _channel.BasicConsumeAsync(null!, false, null!, false, false, null, null!, CancellationToken.None).ReturnsForAnyArgs(call =>
            {
                Consumer = call.Arg<IAsyncBasicConsumer>();
                return "consumer";
            });
            Session = RabbitMqConsumerSession.OnAsync(Connection, "edi", CancellationToken.None);
        }

        public IConnection Connection { get; } = Substitute.For<IConnection>();

        public Task<RabbitMqConsumerSession> Session { get; }

        public IAsyncBasicConsumer? Consumer { get; private set; }

        public void Break(string what)
        {
            if (what == "consume")
            {
                _channel.BasicConsumeAsync(null!, false, null!, false, false, null, null!, CancellationToken.None).ReturnsForAnyArgs(
                    Task.FromException<string>(new IOException("No answer came in time")));
            }
            else if (what == "cancel")
            {
                _channel.BasicCancelAsync(null!, false, CancellationToken.None).ReturnsForAnyArgs(Task.FromException(new IOException("No answer came in time")));
            }
            else
            {
                _channel.WhenForAnyArgs(async x => await x.BasicAckAsync(0, false, CancellationToken.None)).Throw(new IOException("No answer came in time"));
            }
        }

        public Task DeliverAsync(string broken)
        {
            Break(broken);
            return Consumer!.HandleBasicDeliverAsync("consumer", 1, false, "", "edi", new BasicProperties(), "{}"u8.ToArray(), CancellationToken.None);
        }
    }
}
