using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Workflows;

namespace SagaFlow;

/// <summary>Raised by <c>WhenAll</c> and <c>WhenAny</c>: the results of the activities that completed.</summary>
public sealed class CompletedActivities
{
    private readonly IReadOnlyDictionary<string, ActivityEnding> _completed;

    internal CompletedActivities(IReadOnlyDictionary<string, ActivityEnding> completed) => _completed = completed;

    /// <summary>Says whether an activity has completed; after <c>WhenAll</c> each has.</summary>
    public bool Has(IDeclaredActivity activity) => _completed.ContainsKey(activity.Name);

    /// <summary>Reads what an activity gave.</summary>
    /// <exception cref="SagaFlowException">It is not among those that completed: ask <see cref="Has"/> first.</exception>
    public TResult ResultOf<TArguments, TResult>(Activity<TArguments, TResult> activity) =>
        _completed.TryGetValue(activity.Name, out var ending)
            ? RawJson.ReadTaken<TResult>(ending.Result!, $"result of activity '{activity.Name}'")
            : throw new SagaFlowException($"Activity '{activity.Name}' has no result here. Ask Has({activity.Name}) before ResultOf({activity.Name}).");
}
