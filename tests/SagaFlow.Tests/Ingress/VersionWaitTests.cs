using System.Text;
using MassTransit;
using SagaFlow.Client.Bus;
using SagaFlow.Contracts;
using SagaFlow.Hosting;
using SagaFlow.Ingress;
using SagaFlow.Storage;
using SagaFlow.Tests.AspNetCore;
using SagaFlow.Tests.Dispatch;
using SagaFlow.Tests.Storage;
using SagaFlow.Tests.Workflows;
using SagaFlow.Workflows;

namespace SagaFlow.Tests.Ingress;

/// <summary>Messages for a workflow of a newer version wait, on every road, until it can be read; none is put aside and none is lost.</summary>
[Collection(CallbackCollection.Name)]
public sealed class VersionWaitTests(CallbackHost host)
{
    [Fact]
    [Trait("Req", "P22")]
    public async Task An_answer_over_HTTP_is_to_be_sent_again_and_then_applied()
    {
        var id = await host.StartAsync();
        var token = await host.TokenAsync(id);
        await StoreVersionAsync(id, 2);
        var before = await host.SnapshotAsync(id);

        var told = await host.PostAsync(AnswerKind.Completed, """{"result":"fine"}"""u8.ToArray(), token);
        var between = await host.SnapshotAsync(id);
        await StoreVersionAsync(id, 1);
        var again = await host.PostAsync(AnswerKind.Completed, """{"result":"fine"}"""u8.ToArray(), token);

        Assert.Equal((503, "workflow_version", null), (told.Status, told.Code, told.Disposition));
        Assert.Equal(before, between);
        Assert.Equal(Disposition.Applied, again.Disposition);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_signal_over_HTTP_is_to_be_sent_again()
    {
        var id = await host.StartAsync();
        await StoreVersionAsync(id, 2);

        var (status, body) = await host.CallAsync(
            "POST", $"/workflows/{id}/signal", $$$"""{"event":"NoteAdded","message":{"workflowId":"{{{id}}}","text":"late"}}""");

        Assert.Equal((503, "workflow_version"), (status, body.Text("code")));
        Assert.Contains("of type 'permit' was stored by version 2", body.Text("detail"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task An_answer_by_the_bus_waits_until_it_can_be_applied()
    {
        var id = await host.StartAsync();
        var token = await host.TokenAsync(id);
        await StoreVersionAsync(id, 2);

        var told = host.SendAsync(Encoding.UTF8.GetBytes($$"""{"kind":"completed","taskToken":"{{token}}","result":"fine"}"""));
        await host.Clock.TimerInAsync(VersionWait.Pause);
        await StoreVersionAsync(id, 1);
        var applied = await host.AdvanceUntilAsync(told);

        Assert.Equal((Disposition.Applied, null), (applied.Disposition, applied.Code));
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task A_message_on_the_workflows_own_queue_waits_until_it_can_be_taken()
    {
        var id = await host.StartAsync();
        var aside = await host.QuarantinedAsync();
        await StoreVersionAsync(id, 2);

        await host.Get<IBus>().Publish(new NoteAdded(id, "by bus"));
        await host.Clock.TimerInAsync(VersionWait.Pause);
        var held = (await host.WorkflowAsync(id)).Document;
        await StoreVersionAsync(id, 1);
        host.Clock.Advance(VersionWait.Pause);
        await Eventually.HoldsAsync(async () => (await host.WorkflowAsync(id)).Document.Contains("by bus", StringComparison.Ordinal));

        Assert.DoesNotContain("by bus", held, StringComparison.Ordinal);
        Assert.Equal(aside.Count, (await host.QuarantinedAsync()).Count);
    }

    [Fact]
    [Trait("Req", "P22")]
    public async Task On_a_broker_a_message_goes_back_to_the_end_of_its_queue_for_another_engine()
    {
        var (bus, clock) = (new SentMessages(), new ManualTimeProvider());
        var message = new RawMessage { Body = new byte[] { 1 }, MessageId = "m-1", ReplyTo = "stranger" };
        var tries = 0;

        var taken = new VersionWait(bus, BrokerTransport.Traits(), new EngineLimits(), clock).TakeAsync("q", () => message, Refuse, default);
        clock.Advance(VersionWait.Pause - TimeSpan.FromTicks(1));
        var sentEarly = bus.All.Count;
        clock.Advance(TimeSpan.FromTicks(1));
        await taken;

        Assert.Equal(("q", message), Assert.Single(bus.All));
        Assert.Equal((0, 1), (sentEarly, tries));

        Task Refuse()
        {
            tries++;
            throw WorkflowVersionException.Newer(Records.Workflow(Records.Id(1)) with { DefinitionVersion = 2 }, 1);
        }
    }

    [Fact]
    public async Task An_engine_that_stops_gives_back_what_waits()
    {
        using var stopping = new CancellationTokenSource();
        var bus = new SentMessages();

        var waiting = new VersionWait(bus, BrokerTransport.Traits(), new EngineLimits(), new ManualTimeProvider()).TakeAsync(
            "q",
            () => throw new InvalidOperationException("read"),
            () => throw WorkflowVersionException.Newer(Records.Workflow(Records.Id(1)), 0),
            stopping.Token);
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Empty(bus.All);
    }

    private Task StoreVersionAsync(Guid workflowId, int version) => host.Get<IWorkflowStore>().StoreVersionAsync(workflowId, version);

    private sealed class SentMessages : IRawBus
    {
        public List<(string Queue, RawMessage Message)> All { get; } = [];

        public Task SendAsync(string queue, RawMessage message, CancellationToken cancellationToken)
        {
            All.Add((queue, message));
            return Task.CompletedTask;
        }

        public Task PublishAsync(string exchange, string routingKey, RawMessage message, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public string? QueueAt(Uri address) => throw new NotSupportedException();
    }
}
