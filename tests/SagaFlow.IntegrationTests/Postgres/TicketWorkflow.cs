using MassTransit;
using SagaFlow.Worker;

namespace SagaFlow.IntegrationTests.Postgres;

public sealed record OpenTicket(string Number);

public sealed record PrintArguments(string Number);

public sealed record Printed(string Page);

public sealed class TicketInstance : WorkflowInstance
{
    public string Number { get; set; } = "";
}

/// <summary>Prints, then waits two seconds at most for somebody who never comes.</summary>
public sealed class TicketWorkflow : WorkflowStateMachine<TicketInstance>
{
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    public TicketWorkflow()
    {
        StartedBy(() => OpenTicket, x => x.BusinessKey(m => m.Number));
        Activity(() => Print, a => a.ScheduleToCloseTimeout = TimeSpan.FromMinutes(1));
        Activity(() => Approve, a =>
        {
            a.TaskQueue = "people";
            a.ScheduleToCloseTimeout = Wait;
        });

        Initially(When(OpenTicket)
            .Then(x => x.Saga.Number = x.Message.Number)
            .ExecuteActivity(Print, x => new PrintArguments(x.Message.Number))
            .TransitionTo(Print.Pending));

        During(Print.Pending, When(Print.Completed)
            .ExecuteActivity(Approve, x => new PrintArguments(x.Saga.Number))
            .TransitionTo(Approve.Pending));

        During(Approve.Pending, When(Approve.TimedOut).Complete(x => new Printed($"page of {x.Saga.Number}")));
    }

    public Event<OpenTicket> OpenTicket { get; private set; } = null!;

    public Activity<PrintArguments, Printed> Print { get; private set; } = null!;

    public Activity<PrintArguments, Printed> Approve { get; private set; } = null!;
}

public sealed class PrintHandler : IActivityHandler<PrintArguments, Printed>
{
    public Task<ActivityOutcome<Printed>> HandleAsync(ActivityExecutionContext<PrintArguments> context, CancellationToken cancellationToken) =>
        Task.FromResult<ActivityOutcome<Printed>>(new Printed(context.Arguments.Number));
}
