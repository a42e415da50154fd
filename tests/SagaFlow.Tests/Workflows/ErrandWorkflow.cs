using MassTransit;
using SagaFlow.Contracts;

namespace SagaFlow.Tests.Workflows;

/// <summary>An errand that is begun again, up to three times in all, when it fails.</summary>
public sealed class ErrandWorkflow : WorkflowStateMachine<ErrandInstance>
{
    public ErrandWorkflow()
    {
        #region retry
        StartedBy(() => ErrandGiven, x =>
        {
            x.BusinessKey(m => m.Name);
            x.Retry(retry =>
            {
                retry.MaximumAttempts = 3;
                retry.InitialInterval = TimeSpan.FromMinutes(1);
                retry.NonRetryableTypes.Add("Pointless");
            });
            x.Timeout(m => m.LimitMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null);
        });
        #endregion
        SignaledBy(() => Hinted, x => x.BusinessKey(m => m.Name));
        Activity(() => Walk, a =>
        {
            a.ScheduleToCloseTimeout = TimeSpan.FromHours(1);
            a.Retry.MaximumAttempts = 1;
        });
        Activity(() => Watch, a => a.ScheduleToCloseTimeout = TimeSpan.FromHours(1));
        Schedule(() => Rest, x => x.RestId, x => x.Delay = TimeSpan.FromSeconds(90));

        Initially(When(ErrandGiven)
            .Then(x => x.Saga.Steps++)
            .Schedule(Rest, _ => new ErrandRest())
            .ExecuteActivity(Walk, x => x.Message.Name)
            .ExecuteActivity(Watch, x => x.Message.Name)
            .TransitionTo(Walk.Pending));
        During(Walk.Pending,
            When(Walk.Completed).TransitionTo(Waiting),
            When(Walk.Failed, x => x.Message.Failure.Type == "NoUse").Fail(_ => ActivityFailure.NonRetryable("Pointless", "Nobody wants it any more")),
            When(Walk.Failed, x => x.Message.Failure.Type != "NoUse").Fail(x => x.Message.Failure.Message),
            When(Rest.Received).Then(x => x.Saga.Rests++));
        During(Waiting,
            When(Hinted).Complete(x => new ErrandDone(x.Message.Text, x.Saga.Steps, x.Saga.Rests)),
            Ignore(Rest.Received));
    }

    public Event<ErrandGiven> ErrandGiven { get; private set; } = null!;

    public Event<ErrandHinted> Hinted { get; private set; } = null!;

    public Activity<string, string> Walk { get; private set; } = null!;

    public Activity<string, string> Watch { get; private set; } = null!;

    public Schedule<ErrandInstance, ErrandRest> Rest { get; private set; } = null!;

    public State Waiting { get; private set; } = null!;
}

public sealed class ErrandInstance : WorkflowInstance
{
    public int Steps { get; set; }

    public int Rests { get; set; }

    public Guid? RestId { get; set; }
}

public sealed record ErrandGiven(string Name, double? LimitMinutes = null);

public sealed record ErrandHinted(string Name, string Text);

public sealed record ErrandRest;

public sealed record ErrandDone(string Hint, int Steps, int Rests);
