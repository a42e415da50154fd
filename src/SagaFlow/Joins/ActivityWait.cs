using MassTransit;
using MassTransit.SagaStateMachine;
using SagaFlow.Contracts;

namespace SagaFlow.Joins;

/// <summary>A <c>WhenAll</c> or <c>WhenAny</c> of a state machine.</summary>
/// <param name="Event">What is raised when its condition is met.</param>
/// <param name="Activities">The names of the activities.</param>
/// <param name="Any">Whether the first result is enough.</param>
internal sealed record ActivityWait(Event<CompletedActivities> Event, IReadOnlyList<string> Activities, bool Any)
{
    /// <exception cref="SagaFlowException">The activities are not declared yet, or not several.</exception>
    public static ActivityWait Create(string verb, IReadOnlyList<IDeclaredActivity> activities, bool any)
    {
        if (activities.Any(x => x is null))
        {
            throw new SagaFlowException($"{verb} names an activity that is not declared yet. Write Activity(() => ...) above the states that use it.");
        }

        var names = activities.Select(x => x.Name).ToList();
        if (names.Count < 2 || names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            throw new SagaFlowException($"{verb}({string.Join(", ", names)}) does not name several different activities. For one activity write When({names.FirstOrDefault()}.Completed).");
        }

        return new ActivityWait(new MessageEvent<CompletedActivities>($"{verb}({string.Join(", ", names)})"), names, any);
    }
}
