using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Workflows;

namespace SagaFlow.Joins;

/// <summary>A group that is joined in this turn, on its way to the state machine.</summary>
/// <param name="Name">The activity's name.</param>
/// <param name="Needed">How many results the join asks for.</param>
/// <param name="Members">Its members, in the order of the arguments; none is open any more.</param>
/// <param name="Overtaken">The ids of those that the join canceled.</param>
internal sealed record JoinedGroup(string Name, int Needed, IReadOnlyList<ActivityState> Members, IReadOnlySet<string> Overtaken)
{
    public bool Succeeded => Members.Count(x => x.Status == ActivityStatus.Completed) >= Needed;

    /// <summary>Why the join did not succeed, for a workflow that does not handle it.</summary>
    public ActivityFailure? FirstFailure =>
        !Succeeded && Members.FirstOrDefault(x => OutcomeOf(x) == MemberOutcome.Failed) is { } failed ? OutcomeRouter.FailureOf(failed) : null;

    public JoinedActivities<TResult> ToMessage<TResult>() => new(Succeeded, [.. Members.Select(Describe<TResult>)]);

    private JoinedMember<TResult> Describe<TResult>(ActivityState member, int index) => OutcomeOf(member) switch
    {
        MemberOutcome.Completed => new(
            index, member.Id, member.Attempt, MemberOutcome.Completed, RawJson.ReadTaken<TResult>(member.Result ?? "null", $"result of activity '{member.Id}'"), null, null),
        MemberOutcome.Overtaken => new(index, member.Id, member.Attempt, MemberOutcome.Overtaken, default, null, null),
        _ => new(
            index, member.Id, member.Attempt, MemberOutcome.Failed, default, OutcomeRouter.ReasonOf(member), OutcomeRouter.FailureOf(member)),
    };

    private MemberOutcome OutcomeOf(ActivityState member) => member.Status switch
    {
        ActivityStatus.Completed => MemberOutcome.Completed,
        _ when Overtaken.Contains(member.Id) => MemberOutcome.Overtaken,
        _ => MemberOutcome.Failed,
    };
}
