using MassTransit;

namespace SagaFlow.Tests.Workflows;

/// <summary>A contract is prepared; clauses and the signature may come at any time, in any order, from anybody.</summary>
public sealed class ContractWorkflow : WorkflowStateMachine<ContractInstance>
{
    public ContractWorkflow()
    {
        StartedBy(() => ContractWanted, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => ClauseAdded, x => x.BusinessKey(m => m.Number));
        SignaledBy(() => Accepted, x => x.WorkflowId(m => m.WorkflowId));
        SignaledBy(() => Viewed, x => x.BusinessKey(m => m.Number));
        Activity(() => Prepare, a => a.ScheduleToCloseTimeout = TimeSpan.FromDays(1));

        Initially(When(ContractWanted)
            .ExecuteActivity(Prepare, x => x.Message.Number)
            .TransitionTo(Prepare.Pending));

        During(Prepare.Pending,
            When(Prepare.Completed).TransitionTo(Negotiating),
            Ignore(Viewed));

        During(Negotiating,
            When(ClauseAdded).Then(x => x.Saga.Clauses.Add(x.Message.Text)),
            When(Accepted).Complete(x => new AcceptedContract([.. x.Saga.Clauses], x.Message.By)));
    }

    public Event<ContractWanted> ContractWanted { get; private set; } = null!;

    public Event<ClauseAdded> ClauseAdded { get; private set; } = null!;

    public Event<Accepted> Accepted { get; private set; } = null!;

    public Event<Viewed> Viewed { get; private set; } = null!;

    public Activity<string, string> Prepare { get; private set; } = null!;

    public State Negotiating { get; private set; } = null!;
}

public sealed class ContractInstance : WorkflowInstance
{
    public List<string> Clauses { get; set; } = [];
}

public sealed record ContractWanted(string Number);

public sealed record ClauseAdded(string Number, string Text);

public sealed record Accepted(Guid WorkflowId, string By);

public sealed record Viewed(string Number);

public sealed record AcceptedContract(string[] Clauses, string By);
