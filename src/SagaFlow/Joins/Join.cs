using SagaFlow.Contracts;

namespace SagaFlow;

/// <summary>When activities that run in parallel have done enough for their workflow to go on.</summary>
public sealed class Join
{
    private readonly int? _successes;

    private Join(int? successes) => _successes = successes;

    /// <summary>Gets the join that waits until every activity has ended, with or without a result.</summary>
    public static Join All { get; } = new(null);

    /// <summary>Gets the join that waits for the first result, or until no activity is left that could give one.</summary>
    public static Join Any { get; } = new(1);

    /// <summary>Waits for the first results, or until so many activities have failed that they cannot be reached.</summary>
    /// <param name="count">How many results; at least 1, and not more than there are activities.</param>
    public static Join First(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new Join(count);
    }

    /// <summary>How many results are enough, and how many failures are too many, for a number of activities.</summary>
    /// <exception cref="SagaFlowException">There are fewer activities than results to wait for.</exception>
    internal (int Needed, int FailuresAllowed) For(string activity, int members, bool failFast)
    {
        if (_successes > members)
        {
            throw new SagaFlowException(
                $"ExecuteEach of activity '{activity}' waits for {_successes} results of {members} activities. Ask for more activities, or wait for fewer results.");
        }

        return _successes is { } needed
            ? (needed, members - needed)
            : (members, failFast ? 0 : members);
    }
}
