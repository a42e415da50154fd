using MassTransit;
using SagaFlow;
using SagaFlow.Worker;

namespace Approval;

/// <summary>Somebody is asked, and whoever holds the token answers: with curl, if he likes.</summary>
public sealed class ApprovalWorkflow : WorkflowStateMachine<ApprovalInstance>
{
    public ApprovalWorkflow()
    {
        StartedBy(() => ApprovalAsked, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Withdrawn, x => x.BusinessKey(m => m.Number));
        Activity(() => Decide, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(7));

        Initially(When(ApprovalAsked)
            .ExecuteActivity(Decide, x => new Question(x.Message.Number, x.Message.Amount))
            .TransitionTo(Decide.Pending));

        During(Decide.Pending,
            When(Decide.Completed).Complete(x => x.Message.Result),
            When(Withdrawn).Fail(x => $"Withdrawn: {x.Message.Reason}"));
    }

    public Event<ApprovalAsked> ApprovalAsked { get; private set; } = null!;
    public Event<Withdrawn> Withdrawn { get; private set; } = null!;
    public Activity<Question, Decision> Decide { get; private set; } = null!;
}

public sealed class ApprovalInstance : WorkflowInstance;

public sealed record ApprovalAsked(string Number, decimal Amount);
public sealed record Withdrawn(string Number, string Reason);
public sealed record Question(string Number, decimal Amount);
public sealed record Decision(bool Approved, string By);

/// <summary>Hands the token on. A real one would send a mail; this one prints what to type.</summary>
public sealed class DecideHandler(TextWriter output) : IActivityHandler<Question, Decision>
{
    public async Task<ActivityOutcome<Decision>> HandleAsync(ActivityExecutionContext<Question> context, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"May {context.Arguments.Number} cost {context.Arguments.Amount}? TASK_TOKEN={context.TaskToken}");
        return ActivityOutcome.Pending;
    }
}
