using MassTransit;
using SagaFlow.Contracts;
using SagaFlow.Testing;

namespace SagaFlow.Tests.Workflows;

/// <summary>A workflow whose activity is another workflow: the waiter's token travels with what starts the other one.</summary>
public sealed class ChildWorkflowTests
{
    [Fact]
    [Trait("Req", "C1")]
    [Trait("Req", "C2")]
    public async Task A_child_answers_with_the_token_in_its_payload_and_knows_nothing_of_its_parent()
    {
        await using var flow = await StartAsync();
        var house = await flow.StartAsync(new HouseOrdered("H-1"));
        var wall = await StartChildAsync(flow, house);

        // What reports for the child holds the child's own arguments and nothing else.
        var report = wall.Activity("Report");
        var answer = report.Arguments<WallReport>();
        await flow.AnswerAsync($$"""{"kind":"completed","taskToken":"{{answer.ReportTo}}","result":"{{answer.Text}}"}""");
        await report.CompleteAsync("told");

        Assert.Equal("told", await wall.ShouldBeCompletedAsync<string>());
        Assert.Equal("wall of H-1 stands", await house.ShouldBeCompletedAsync<string>());
        Assert.DoesNotContain(typeof(WallInstance).GetProperties(), x => x.Name.Contains("House", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Req", "C1")]
    [Trait("Req", "C2")]
    public async Task A_child_that_fails_fails_the_step_of_its_parent()
    {
        await using var flow = await StartAsync();
        var house = await flow.StartAsync(new HouseOrdered("H-1"));
        var wall = await StartChildAsync(flow, house);

        var token = wall.Activity("Report").Arguments<WallReport>().ReportTo;
        await flow.AnswerAsync($$$"""{"kind":"failed","taskToken":"{{{token}}}","failure":{"type":"NoBricks","message":"none left","retryable":false}}""");

        Assert.Equal("NoBricks", (await house.ShouldHaveFailedAsync()).Type);
    }

    private static Task<SagaFlowHarness<HouseWorkflow, HouseInstance>> StartAsync() =>
        SagaFlowHarness.StartAsync(x => x.AddWorkflow<HouseWorkflow, HouseInstance>().AddWorkflow<WallWorkflow, WallInstance>());

    // As the handler of the parent's activity does: it starts the child with the token it was given, and answers later.
    private static Task<WorkflowHandle<WallWorkflow, WallInstance>> StartChildAsync(
        SagaFlowHarness<HouseWorkflow, HouseInstance> flow, WorkflowHandle<HouseWorkflow, HouseInstance> house)
    {
        var request = house.Activity("Build");
        return flow.StartAsync<WallWorkflow, WallInstance>(new WallWanted(request.Arguments<string>(), request.Token));
    }

    public sealed record HouseOrdered(string Number);

    public sealed class HouseInstance : WorkflowInstance;

    public sealed class HouseWorkflow : WorkflowStateMachine<HouseInstance>
    {
        public HouseWorkflow()
        {
            StartedBy(() => Ordered, x => x.BusinessKey(m => m.Number));
            Activity(() => Build, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(1));
            Initially(When(Ordered).ExecuteActivity(Build, x => $"wall of {x.Message.Number}").TransitionTo(Build.Pending));
            During(Build.Pending, When(Build.Completed).Complete(x => x.Message.Result));
        }

        public Event<HouseOrdered> Ordered { get; private set; } = null!;

        public Activity<string, string> Build { get; private set; } = null!;
    }

    public sealed record WallWanted(string Name, string ReportTo);

    public sealed record WallReport(string Text, string ReportTo);

    public sealed class WallInstance : WorkflowInstance;

    public sealed class WallWorkflow : WorkflowStateMachine<WallInstance>
    {
        public WallWorkflow()
        {
            StartedBy(() => Wanted, x => x.BusinessKey(m => m.Name));
            Activity(() => Report, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
            Initially(When(Wanted)
                .ExecuteActivity(Report, x => new WallReport($"{x.Message.Name} stands", x.Message.ReportTo))
                .TransitionTo(Report.Pending));
            During(Report.Pending, When(Report.Completed).Complete(x => x.Message.Result));
        }

        public Event<WallWanted> Wanted { get; private set; } = null!;

        public Activity<WallReport, string> Report { get; private set; } = null!;
    }
}
