using MassTransit;
using SagaFlow.Simulation.Workload;
using SagaFlow.Workflows;

namespace SagaFlow.Simulation.Pipe;

/// <summary>A real workflow that does the steps of a drawn definition, one after another.</summary>
public sealed class ProgramMachine : WorkflowStateMachine<ProgramInstance>
{
    public ProgramMachine()
    {
        StartedBy(() => Asked, x =>
        {
            x.BusinessKey(m => m.Key);
            x.Timeout(m => m.TimeoutTicks < 0 ? null : TimeSpan.FromTicks(m.TimeoutTicks));
        });
        SignaledBy(() => Told, x => x.BusinessKey(m => m.Key));
        Activity(() => Work);
        Activity(() => Each);
        Activity(() => Left);
        Activity(() => Right);
        Schedule(() => Nap, x => x.NapToken, x => x.DelayProvider = c => TimeSpan.FromTicks(c.Saga.Current.DelayTicks));

        Initially(When(Asked).Then(x => x.Saga.Steps = x.Message.Steps).Advance(this));

        During(Work.Pending,
            When(Work.Completed).StopNap(this).Then(x => x.Saga.Next()).Advance(this),
            When(Work.Failed).StopNap(this).OnFailure(this, x => x.Saga.Current.Kind == StepKind.CancelAfter && x.Message.Reason == FailureReason.Canceled),
            When(Nap.Received).Then(x => WorkflowTurn.Of(x).Activities.WantCancelOfLatest(nameof(Work), x.Saga.Current.Mode, "It takes too long")));

        During(Each.Pending, When(Each.Joined).OnFailure(this, x => x.Message.Succeeded));

        // What no state handles fails the workflow: a racer's failure counts only when the other one fails too.
        During(Racing, WhenAny(Left, Right).Then(x => x.Saga.Next()).Advance(this));
        During(Meeting, WhenAll(Left, Right).Then(x => x.Saga.Next()).Advance(this));
        During(Listening, When(Told).Then(x => x.Saga.Next()).Advance(this));
        During(Napping, When(Nap.Received).Then(x => x.Saga.Next()).Advance(this));
    }

    public Event<ProgramAsked> Asked { get; private set; } = null!;

    public Event<ProgramTold> Told { get; private set; } = null!;

    public Activity<int, int> Work { get; private set; } = null!;

    public Activity<int, int> Each { get; private set; } = null!;

    public Activity<int, int> Left { get; private set; } = null!;

    public Activity<int, int> Right { get; private set; } = null!;

    public Schedule<ProgramInstance, NapOver> Nap { get; private set; } = null!;

    public State Racing { get; private set; } = null!;

    public State Meeting { get; private set; } = null!;

    public State Listening { get; private set; } = null!;

    public State Napping { get; private set; } = null!;
}
