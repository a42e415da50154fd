using SagaFlow.Activities;
using SagaFlow.Joins;

namespace SagaFlow.Workflows;

/// <summary>Activities that end with another one of their workflow.</summary>
internal static class TiedActivities
{
    /// <summary>Cancels what is open and ends with the activity, or the group of activities, whose end is about to be raised.</summary>
    public static async Task EndAsync(TurnContext context)
    {
        var turn = context.Turn;
        var (name, id) = turn.Outcome switch
        {
            ActivityState ended => (ended.Name, ended.Id),
            JoinedGroup joined => (joined.Name, ""),
            _ => ("", ""),
        };
        if (name.Length == 0 || !turn.Workflow!.HasTiedActivities)
        {
            return;
        }

        await context.LoadOpenActivitiesAsync();
        var request = new ActivityEvent.CancelRequest($"It ends with activity '{(id.Length == 0 ? name : id)}'", CancellationMode.Try);
        foreach (var record in turn.Activities.Open.Where(x => x.State.EndsWith == name && x.State.Id != id))
        {
            turn.Activities.Apply(record, ActivityLifecycle.Decide(record.State, request, turn.Now, dice: 0));
        }
    }
}
