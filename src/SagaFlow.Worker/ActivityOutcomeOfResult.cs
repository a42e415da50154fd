using System.Diagnostics.CodeAnalysis;

namespace SagaFlow.Worker;

/// <summary>What a handler returns: a result, or <see cref="ActivityOutcome.Pending"/>. The choice is made while it runs.</summary>
/// <typeparam name="TResult">What the activity gives.</typeparam>
/// <remarks>Its default value is neither: a handler that returns it without having answered fails its attempt as <c>NoAnswer</c>.</remarks>
public readonly record struct ActivityOutcome<TResult>
{
    private readonly TResult? _result;

    private ActivityOutcome(TResult? result, bool isPending) => (_result, IsPending, HasResult) = (result, isPending, !isPending);

    /// <summary>Gets whether somebody else answers.</summary>
    public bool IsPending { get; }

    /// <summary>Gets whether there is a result, which may be <see langword="null"/>.</summary>
    public bool HasResult { get; }

    /// <summary>Gets the result.</summary>
    /// <exception cref="InvalidOperationException">The outcome has none.</exception>
    public TResult? Result => HasResult
        ? _result
        : throw new InvalidOperationException(IsPending ? "A pending outcome has no result." : "The default outcome has no result.");

    /// <summary>Creates the outcome of a finished activity; needed only where <typeparamref name="TResult"/> is an interface,
    /// from which the language knows no implicit conversion.</summary>
    public static ActivityOutcome<TResult> Completed(TResult result) => new(result, isPending: false);

    /// <summary>Makes a result an outcome.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "Completed is the named alternative.")]
    public static implicit operator ActivityOutcome<TResult>(TResult result) => Completed(result);

    /// <summary>Makes <see cref="ActivityOutcome.Pending"/> an outcome of this activity.</summary>
    [SuppressMessage("Usage", "CA2225", Justification = "ActivityOutcome.Pending is the named alternative.")]
    public static implicit operator ActivityOutcome<TResult>(ActivityOutcome pending) => new(default, isPending: true);
}
