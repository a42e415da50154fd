using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>An activity that the state machine wants to stop, noted until the rows of its open activities are at hand.</summary>
/// <param name="ActivityId">The activity's id, or the name of which the latest open one is meant.</param>
/// <param name="UpTo">With a name: the highest number that was scheduled when the machine asked; what is scheduled later is not meant.</param>
/// <param name="Mode">What happens after the holder was asked.</param>
/// <param name="Reason">Why, for the holder and the history.</param>
internal sealed record WantedCancel(string ActivityId, int? UpTo, CancellationMode Mode, string Reason)
{
    /// <summary>Finds what is meant among the activities of a turn; <see langword="null"/> when it is closed or was never asked for.</summary>
    public ActivityRecord? Find(IEnumerable<ActivityRecord> activities)
    {
        var open = activities.Where(x => !x.State.IsClosed);
        return UpTo is { } upTo
            ? open.Where(x => x.State.Name == ActivityId && ActivityCounts.NumberOf(x.State) <= upTo).MaxBy(x => ActivityCounts.NumberOf(x.State))
            : open.FirstOrDefault(x => x.State.Id == ActivityId);
    }
}
