using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using SagaFlow.Client.Bus;
using SagaFlow.Diagnostics;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Tokens;
using SagaFlow.Tokens;

namespace SagaFlow.Tests.Hosting;

/// <summary>How long a workflow's queue holds a delivery that it cannot deal with, and what becomes of it then.</summary>
public sealed class DeliveryHoldPolicyTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(20);
    private static readonly Exception Away = new TimeoutException("The database is away");

    private readonly ManualTimeProvider _clock = new();
    private readonly IExceptionFilter _exceptions = Substitute.For<IExceptionFilter>();

    public DeliveryHoldPolicyTests() => _exceptions.Match(Arg.Any<Exception>()).Returns(x => x.Arg<Exception>() is not JsonException);

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [Trait("Req", "REL-B5")]
    public void A_delivery_is_tried_again_until_twenty_minutes_have_passed(long ticks, bool expected)
    {
        var delivery = NewDelivery(Hold);
        var first = delivery.CanRetry(Away, out var retry);
        _clock.Advance(Hold + TimeSpan.FromTicks(ticks));

        var later = retry.CanRetry(Away, out _);

        Assert.Equal((true, expected), (first, later));
    }

    [Fact]
    [Trait("Req", "REL-B5")]
    public void A_first_try_that_lasts_twenty_minutes_is_the_only_one()
    {
        var delivery = NewDelivery(Hold);
        _clock.Advance(Hold);

        Assert.False(delivery.CanRetry(Away, out _));
    }

    [Fact]
    public void In_memory_it_is_tried_again_without_an_end_at_last_every_five_seconds()
    {
        NewDelivery(longest: null).CanRetry(Away, out var retry);
        var pauses = new List<double>();
        for (var i = 0; i < 10_000; i++)
        {
            pauses.Add(retry.Delay!.Value.TotalSeconds);
            _clock.Advance(retry.Delay.Value);
            Assert.True(retry.CanRetry(Away, out retry));
        }

        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5], pauses.Take(8));
        Assert.Equal(5, pauses[^1]);
    }

    [Fact]
    public void What_cannot_be_read_is_not_tried_again() => Assert.False(NewDelivery(Hold).CanRetry(new JsonException(), out _));

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    [Trait("Req", "REL-B5")]
    public async Task What_was_held_for_too_long_is_given_back_and_only_the_unreadable_is_put_aside(bool isUnreadable, int putAside)
    {
        await using var store = await SqliteStoreFixture.CreateAsync();
        using var metrics = new EngineMetrics();
        var quarantine = new Quarantine(store.Quarantine, new Sealing(new KeyRing(TokenSamples.Key("k1"))), _clock, metrics, NullLogger<Quarantine>.Instance);
        await using var services = await RunningServices.StartAsync(x => x.AddSingleton<TimeProvider>(_clock).AddMassTransit(bus => bus.UsingInMemory()));
        var bus = services.Get<IBus>();
        var settled = new Settled();
        bus.ConnectReceiveObserver(settled);
        var handle = bus.ConnectReceiveEndpoint("held", endpoint =>
        {
            QuarantineFilters.Configure(endpoint, quarantine);
            endpoint.UseMessageRetry(retry =>
            {
                retry.Ignore<JsonException>();
                retry.SetRetryPolicy(exceptions => new DeliveryHoldPolicy(exceptions, TimeSpan.Zero, _clock));
            });
            endpoint.Handler<Wanted>(_ => throw (isUnreadable ? new JsonException() : Away));
        });
        await handle.Ready;

        await bus.Publish(new Wanted("P-1"));

        Assert.Equal(!isUnreadable, await settled.IsGivenBack.Task.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(putAside, (await store.Quarantine.ReadAsync(10, default)).Count);
    }

    public sealed record Wanted(string Number);

    private RetryPolicyContext<PipeContext> NewDelivery(TimeSpan? longest) =>
        new DeliveryHoldPolicy(_exceptions, longest, _clock).CreatePolicyContext(Substitute.For<PipeContext>());

    private sealed class Settled : IReceiveObserver
    {
        public TaskCompletionSource<bool> IsGivenBack { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostReceive(ReceiveContext context)
        {
            IsGivenBack.TrySetResult(false);
            return Task.CompletedTask;
        }

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception)
        {
            IsGivenBack.TrySetResult(true);
            return Task.CompletedTask;
        }
    }
}
