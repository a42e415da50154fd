using MassTransit;
using SagaFlow.Simulation.Workload;

namespace SagaFlow.Simulation.Pipe;

/// <summary>The verbs of <see cref="ProgramMachine"/>.</summary>
internal static class ProgramVerbs
{
    /// <summary>Begins the current step, or completes the workflow behind the last one.</summary>
    public static EventActivityBinder<ProgramInstance, T> Advance<T>(this EventActivityBinder<ProgramInstance, T> binder, ProgramMachine machine)
        where T : class =>
        binder
            .Begin(StepKind.Activity, x => x.ExecuteActivity(machine.Work, Number, Options).TransitionTo(machine.Work.Pending))
            .Begin(StepKind.CancelAfter, x => x
                .ExecuteActivity(machine.Work, Number, Options)
                .Schedule(machine.Nap, c => new NapOver(c.Saga.Step))
                .TransitionTo(machine.Work.Pending))
            .Begin(StepKind.Parallel, x => x.ExecuteEach(machine.Each, c => Enumerable.Range(1, c.Saga.Current.Count), FanOut).TransitionTo(machine.Each.Pending))
            .Begin(StepKind.Race, x => x.Both(machine).IfElse(
                c => c.Saga.Current.Count % 2 == 0, any => any.TransitionTo(machine.Racing), all => all.TransitionTo(machine.Meeting)))
            .Begin(StepKind.Signal, x => x.TransitionTo(machine.Listening))
            .Begin(StepKind.Timer, x => x.Schedule(machine.Nap, c => new NapOver(c.Saga.Step)).TransitionTo(machine.Napping))
            .If(x => x.Saga.IsOver, x => x.Complete(c => c.Saga.Step));

    /// <summary>Goes on when the step is as good as done, or the definition does not mind; else the workflow fails.</summary>
    public static EventActivityBinder<ProgramInstance, T> OnFailure<T>(
        this EventActivityBinder<ProgramInstance, T> binder, ProgramMachine machine, StateMachineCondition<ProgramInstance, T> isDone)
        where T : class =>
        binder.IfElse(
            x => isDone(x) || x.Saga.Current.GoesOn,
            on => on.Then(x => x.Saga.Next()).Advance(machine),
            no => no.Fail(_ => "a step failed"));

    public static EventActivityBinder<ProgramInstance, T> StopNap<T>(this EventActivityBinder<ProgramInstance, T> binder, ProgramMachine machine)
        where T : class =>
        binder.If(x => x.Saga.NapToken is not null, x => x.Unschedule(machine.Nap));

    private static EventActivityBinder<ProgramInstance, T> Begin<T>(
        this EventActivityBinder<ProgramInstance, T> binder,
        StepKind kind,
        Func<EventActivityBinder<ProgramInstance, T>, EventActivityBinder<ProgramInstance, T>> begin)
        where T : class =>
        binder.If(x => !x.Saga.IsOver && x.Saga.Current.Kind == kind, x => begin(x));

    private static EventActivityBinder<ProgramInstance, T> Both<T>(this EventActivityBinder<ProgramInstance, T> binder, ProgramMachine machine)
        where T : class =>
        binder.ExecuteActivity(machine.Left, Number, Options).ExecuteActivity(machine.Right, Number, Options);

    private static int Number<T>(BehaviorContext<ProgramInstance, T> context)
        where T : class => context.Saga.Step;

    private static void Options<T>(BehaviorContext<ProgramInstance, T> context, ActivityOptions options)
        where T : class => context.Saga.Current.Policy.WriteTo(options);

    private static void FanOut<T>(BehaviorContext<ProgramInstance, T> context, FanOutOptions options)
        where T : class
    {
        var step = context.Saga.Current;
        step.Policy.WriteTo(options);
        options.Join = step.Needed < step.Count ? Join.First(step.Needed) : Join.All;
        options.FailFast = step.FailuresAllowed == 0;
    }
}
