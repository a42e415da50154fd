using SagaFlow.Activities;
using SagaFlow.Simulation.Workload;
using SagaFlow.Simulation.Worlds;

namespace SagaFlow.Simulation.Pipe;

/// <summary>Rounds what was drawn to spans that a world has.</summary>
internal static class WholePlan
{
    public static PolicyPair Whole(this WorldPlan plan, PolicyPair drawn)
    {
        var policy = drawn.Policy;
        var whole = policy with
        {
            ScheduleToStart = Span(policy.ScheduleToStart),
            StartToClose = Span(policy.StartToClose),
            ScheduleToClose = Span(policy.ScheduleToClose),
            Heartbeat = Span(policy.Heartbeat),
            Retry = policy.Retry with
            {
                InitialInterval = TimeSpan.FromTicks(plan.Whole(policy.Retry.InitialInterval.Ticks)),
                MaximumInterval = TimeSpan.FromTicks(plan.Whole(policy.Retry.MaximumInterval.Ticks)),
            },
        };
        return new PolicyPair(whole, PolicyGenerator.Translate(whole));

        TimeSpan? Span(TimeSpan? span) => span is { } value ? TimeSpan.FromTicks(plan.Whole(value.Ticks)) : null;
    }

    public static Definition Whole(this WorldPlan plan, Definition drawn) => new(
        [.. drawn.Steps.Select(x => x with { Delay = plan.Whole(x.Delay) })], plan.Whole(drawn.Timeout));
}
