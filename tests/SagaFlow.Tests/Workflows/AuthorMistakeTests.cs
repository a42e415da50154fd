using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>What an author may get wrong ends the workflow by name, or stops the start; it never parks.</summary>
public sealed class AuthorMistakeTests
{
    [Fact]
    [Trait("Req", "P25")]
    public async Task A_result_that_is_too_large_to_store_fails_the_workflow()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<HugeWorkflow, HugeInstance>());

        var huge = await flow.StartAsync(new HugeWanted("h-1"));

        Assert.Contains("The result of workflow", (await huge.ShouldHaveFailedAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [Trait("Req", "P25")]
    public async Task Arguments_above_their_limit_fail_the_workflow_where_the_activity_is_asked_for(int over, bool fails)
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<VastWorkflow, HugeInstance>());

        var vast = await flow.StartAsync(new VastWanted("v-1", WireLimits.ArgumentsBytes - 2 + over));

        if (fails)
        {
            Assert.Contains($"larger than {WireLimits.ArgumentsBytes} bytes", (await vast.ShouldHaveFailedAsync()).Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(WireLimits.ArgumentsBytes - 2, vast.Activity("Read").Arguments<string>().Length);
        }
    }

    [Fact]
    public async Task Options_that_contradict_each_other_stop_the_start()
    {
        var error = await Assert.ThrowsAsync<ActivityOptionsException>(() =>
            SagaFlowHarness.StartAsync(x => x.AddWorkflow<WrongWorkflow, HugeInstance>()));

        Assert.Contains("HeartbeatTimeout", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "REL-I20")]
    public async Task A_token_that_an_error_text_quotes_is_not_stored()
    {
        await using var flow = await SagaFlowHarness.StartAsync(x => x.AddWorkflow<OrderWorkflow, OrderInstance>());
        var order = await flow.StartAsync(new OrderPlaced("A-1", "lamp"));
        var token = order.Activity("Reserve").Token;

        await order.Activity("Reserve").FailAsync(ActivityFailure.NonRetryable("Http", $"POST /stock?token={token} gave 500", token));

        var failure = await order.ShouldHaveFailedAsync();
        Assert.Contains("gave 500", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, $"{failure} {await order.HistoryAsync()} {(await order.ActivitiesAsync())[0].Failure}", StringComparison.Ordinal);
    }

    public sealed class HugeWorkflow : WorkflowStateMachine<HugeInstance>
    {
        public HugeWorkflow()
        {
            StartedBy(() => HugeWanted, x => x.BusinessKey(m => m.Key));
            Initially(When(HugeWanted).Complete(_ => new string('x', 2_000_000)));
        }

        public Event<HugeWanted> HugeWanted { get; private set; } = null!;
    }

    public sealed class VastWorkflow : WorkflowStateMachine<HugeInstance>
    {
        public VastWorkflow()
        {
            StartedBy(() => VastWanted, x => x.BusinessKey(m => m.Key));
            Activity(() => Read, a => a.StartToCloseTimeout = TimeSpan.FromSeconds(1));
            Initially(When(VastWanted).ExecuteActivity(Read, x => new string('x', x.Message.Length)).TransitionTo(Read.Pending));
        }

        public Event<VastWanted> VastWanted { get; private set; } = null!;

        public Activity<string, string> Read { get; private set; } = null!;
    }

    public sealed record VastWanted(string Key, int Length);

    public sealed class WrongWorkflow : WorkflowStateMachine<HugeInstance>
    {
        public WrongWorkflow()
        {
            StartedBy(() => HugeWanted, x => x.BusinessKey(m => m.Key));
            Activity(() => Work, a =>
            {
                a.StartToCloseTimeout = TimeSpan.FromSeconds(1);
                a.HeartbeatTimeout = TimeSpan.FromSeconds(2);
            });
            Initially(When(HugeWanted).TransitionTo(Work.Pending));
        }

        public Event<HugeWanted> HugeWanted { get; private set; } = null!;

        public Activity<string, string> Work { get; private set; } = null!;
    }

    public sealed class HugeInstance : WorkflowInstance;

    public sealed record HugeWanted(string Key);
}
