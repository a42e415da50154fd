using SagaFlow.Workflows;

namespace SagaFlow.Joins;

/// <summary>Meets the wait of the workflow's current state, when its condition holds.</summary>
/// <remarks>Asked after each event, and not only when an activity ends: the last one may have ended before the workflow came
/// into the state that waits for it.</remarks>
internal static class WaitConditions
{
    public static async Task<bool> TryMeetAsync(TurnContext context, IWorkflowMachine machine)
    {
        var waits = context.Turn.Waits;
        if (waits.FindMet(machine) is not { } wait)
        {
            return false;
        }

        var open = waits.OpenOf(wait);
        foreach (var activityId in open)
        {
            await context.LoadActivityAsync(activityId);
        }

        waits.Meet(wait, open);
        return true;
    }
}
