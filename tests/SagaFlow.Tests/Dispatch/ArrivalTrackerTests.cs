using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using SagaFlow.Storage;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Workflows;

namespace SagaFlow.Tests.Dispatch;

/// <summary>An author's message stays in the outbox until its consumers have acknowledged it.</summary>
public sealed class ArrivalTrackerTests
{
    [Fact]
    [Trait("Req", "P8")]
    [Trait("Req", "REL-D14")]
    public async Task A_published_message_stays_in_the_outbox_until_its_consumer_has_acknowledged_it()
    {
        using var folder = new TemporaryFolder();
        var gate = new Gate();
        await using var host = await EmbeddedHost.StartAsync(folder.File("flow.db"), services => AddConsumer(services, gate));

        await host.Workflows.StartAsync("shop", new BasketPaid("B-1"));
        await gate.Entered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var whileItRuns = await OutboxAsync(host);
        gate.Open.SetResult();

        Assert.Single(whileItRuns);
        await Eventually.HoldsAsync(async () => (await OutboxAsync(host)).Count == 0);
    }

    [Fact]
    [Trait("Req", "REL-D14")]
    public async Task A_message_whose_consumer_failed_comes_again_at_the_next_start()
    {
        using var folder = new TemporaryFolder();
        var failing = new Gate();
        failing.Open.SetException(new InvalidOperationException("The printer is out of paper"));
        await using (var first = await EmbeddedHost.StartAsync(folder.File("flow.db"), services => AddConsumer(services, failing)))
        {
            await first.Workflows.StartAsync("shop", new BasketPaid("B-1"));
            await failing.Left.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        var working = new Gate();
        working.Open.SetResult();
        await using var second = await EmbeddedHost.StartAsync(folder.File("flow.db"), services => AddConsumer(services, working));

        await working.Entered.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await Eventually.HoldsAsync(async () => (await OutboxAsync(second)).Count == 0);
    }

    private static void AddConsumer(IServiceCollection services, Gate gate)
    {
        services.AddSingleton(gate);
        services.AddMassTransit(bus =>
        {
            bus.AddConsumer<InvoicePrinter>();
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
    }

    private static Task<IReadOnlyList<OutgoingMessage>> OutboxAsync(EmbeddedHost host) =>
        host.Get<IOutbox>().ReadUnconfirmedAsync(DateTimeOffset.MaxValue, 10, CancellationToken.None);

    public sealed class Gate
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class InvoicePrinter(Gate gate) : IConsumer<InvoiceWanted>
    {
        public async Task Consume(ConsumeContext<InvoiceWanted> context)
        {
            gate.Entered.TrySetResult();
            try
            {
                await gate.Open.Task;
            }
            finally
            {
                gate.Left.TrySetResult();
            }
        }
    }
}
