using SagaFlow.Client;
using SagaFlow.Contracts;
using SagaFlow.Worker;

namespace SagaFlow.Testing;

/// <summary>Stands in for an activity's handler: says what becomes of each call, in sequence.</summary>
/// <remarks>A call is one attempt, so that a retry takes the next outcome. A call beyond the last outcome is an error
/// that names the activity and the call, unless <see cref="Always"/> was said.</remarks>
/// <typeparam name="TArguments">What the activity takes.</typeparam>
/// <typeparam name="TResult">What it gives.</typeparam>
public sealed class ActivityMock<TArguments, TResult> : IActivityMock
{
    private readonly string _activity;
    private readonly List<Func<TArguments, MockOutcome>> _outcomes = [];
    private readonly List<TArguments> _calls = [];
    private bool _repeats;

    internal ActivityMock(string activity) => _activity = activity;

    /// <summary>Gets the arguments of every call so far, the oldest first.</summary>
    public IReadOnlyList<TArguments> Calls => _calls;

    /// <summary>Completes the next calls, one for each result.</summary>
    public ActivityMock<TArguments, TResult> Returns(params TResult[] results)
    {
        foreach (var result in results)
        {
            Add(_ => MockOutcome.Completed(result));
        }

        return this;
    }

    /// <summary>Completes every further call with a result made from its arguments.</summary>
    /// <param name="result">Makes it. An exception that it throws fails the attempt, as a handler's would.</param>
    public ActivityMock<TArguments, TResult> Returns(Func<TArguments, TResult> result) =>
        Add(arguments => Try(() => result(arguments))).Always();

    /// <summary>Fails the next call.</summary>
    public ActivityMock<TArguments, TResult> Fails(ActivityFailure failure) => Add(_ => MockOutcome.Failed(failure));

    /// <summary>Fails the next call with a failure that may be retried.</summary>
    /// <param name="type">A stable name of the kind of failure; retry policies match on it.</param>
    /// <param name="message">One sentence for a person.</param>
    public ActivityMock<TArguments, TResult> Fails(string type, string message) => Fails(new ActivityFailure(type, message));

    /// <summary>Takes the next call and leaves it open, as a handler that returns <c>Pending</c>: a token answers it, or a deadline ends it.</summary>
    public ActivityMock<TArguments, TResult> IsPending() => Add(_ => MockOutcome.Pending);

    /// <summary>Leaves the next call in its queue, as if no worker were there.</summary>
    public ActivityMock<TArguments, TResult> NeverStarts() => Add(_ => MockOutcome.NeverStarts);

    /// <summary>Repeats the last outcome for every further call.</summary>
    public ActivityMock<TArguments, TResult> Always()
    {
        _repeats = _outcomes.Count > 0
            ? true
            : throw new HarnessAssertionException($"The mock of activity '{_activity}' has no outcome to repeat. Say what it does before Always().");
        return this;
    }

    MockOutcome IActivityMock.Next(ActivityRequest request)
    {
        var arguments = PayloadJson.Read<TArguments>(request.Arguments)!;
        _calls.Add(arguments);
        var index = _repeats ? Math.Min(_calls.Count, _outcomes.Count) : _calls.Count;
        return index <= _outcomes.Count
            ? _outcomes[index - 1](arguments)
            : throw new HarnessAssertionException(
                $"Call {_calls.Count} of activity '{_activity}' ('{request.ActivityId}', attempt {request.Attempt}) has no outcome: "
                + $"its mock has {_outcomes.Count}. Add one, or repeat the last with Always().");
    }

    private ActivityMock<TArguments, TResult> Add(Func<TArguments, MockOutcome> outcome)
    {
        if (_repeats)
        {
            throw new HarnessAssertionException(
                $"The mock of activity '{_activity}' repeats its last outcome for every call: what is added after it would never happen.");
        }

        _outcomes.Add(outcome);
        return this;
    }

    private static MockOutcome Try(Func<TResult> result)
    {
        try
        {
            return MockOutcome.Completed(result());
        }
        catch (ActivityFailureException exception)
        {
            return MockOutcome.Failed(exception.Failure);
        }
        catch (Exception exception)
        {
            return MockOutcome.Failed(ActivityFailure.From(exception));
        }
    }
}
