namespace SagaFlow;

/// <summary>Raised once when the activities of an <c>ExecuteEach</c> are joined.</summary>
/// <param name="Succeeded">Whether as many gave a result as the join asks for: all of them for <see cref="Join.All"/>.</param>
/// <param name="Members">Every activity, in the order of the arguments.</param>
/// <typeparam name="TResult">What the activity gives.</typeparam>
public sealed record JoinedActivities<TResult>(bool Succeeded, IReadOnlyList<JoinedMember<TResult>> Members)
{
    /// <summary>Gets the results of those that completed, in the order of the arguments.</summary>
    public IReadOnlyList<TResult> Results => [.. Members.Where(x => x.Outcome == MemberOutcome.Completed).Select(x => x.Result!)];

    /// <summary>Gets those that ended without a result, in the order of the arguments. The overtaken are not among them.</summary>
    public IReadOnlyList<JoinedMember<TResult>> Failures => [.. Members.Where(x => x.Outcome == MemberOutcome.Failed)];
}
