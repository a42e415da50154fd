using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>The options of an activity contradict each other, are out of range, or leave it without a deadline.</summary>
/// <remarks>Thrown when the activity is defined, or when it is executed with options changed for one call. It lists
/// everything that is wrong, so that one look mends it.</remarks>
public sealed class ActivityOptionsException : SagaFlowException
{
    /// <summary>Creates the error from the activity's name and everything that is wrong with its options.</summary>
    public ActivityOptionsException(string activityName, IReadOnlyList<string> problems)
        : base($"The options of activity '{activityName}' cannot be used. {string.Join(' ', problems)}")
    {
        ActivityName = activityName;
        Problems = problems;
    }

    /// <summary>Gets the activity's name.</summary>
    public string ActivityName { get; }

    /// <summary>Gets what is wrong: one sentence for each mistake, with what to do about it.</summary>
    public IReadOnlyList<string> Problems { get; }
}
