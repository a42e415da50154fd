using MassTransit;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>A turn's part in beginning a failed workflow again: from its start message, with nothing of the failed run but its history.</summary>
internal sealed class TurnRuns(WorkflowTurn turn, TurnDraft draft, TurnServices services)
{
    private const string InitialState = "Initial";
    private const string EmptyDocument = "{}";

    /// <summary>Whether a run has failed and the next one has not begun: until then the state machine is not asked, messages are kept
    /// for the next run, and whatever of the failed run is still on its way does nothing.</summary>
    public bool IsAwaited => turn.Workflow is { Status: WorkflowStatus.Running } && Run?.NextAt is not null;

    private RunRecord? Run => turn.Workflow?.Run is { } stored ? StoreJson.Read<RunRecord>(stored) : null;

    /// <summary>Lets a workflow that has failed begin again after its back-off, where the definition says so and time is left.</summary>
    /// <returns><see langword="false"/> when the failure is final; then nothing is changed.</returns>
    public bool TryRetry(WorkflowDefinition definition)
    {
        var machine = definition.Machine;
        if (machine.Start is not { Retry: { } policy } start || turn.Workflow is not { Status: WorkflowStatus.Failed, Run: { } stored } failed)
        {
            return false;
        }

        var run = StoreJson.Read<RunRecord>(stored);
        var failure = RawJson.Read<ActivityFailure>(failed.Failure!);
        var at = turn.Now + Backoff.Delay(policy, run.Number, services.Random.NextDouble());
        if (run.Number >= policy.MaximumAttempts || policy.NonRetryableTypes.Contains(failure.Type, StringComparer.Ordinal) || at >= failed.DeadlineAt)
        {
            return false;
        }

        turn.CloseOpenActivities();
        turn.Messages.DropKept(x => definition.MessageTypes.ContainsKey(x) && !machine.Signals.ContainsKey(x));
        draft.History.RemoveAll(x => x.Kind == HistoryKind.WorkflowFailed);
        turn.Record(HistoryKind.WorkflowRetried, HistoryData.Retried(run.Number, failure, at));
        draft.Workflow = Fresh(failed) with { Run = StoreJson.Write(run with { NextAt = at }) };
        turn.Waits.EndAll(machine);
        draft.NextRun = TimerOf(failed, run, start, at);
        return true;
    }

    /// <summary>Whether a timer begins the workflow's next run, and is none of the author's.</summary>
    public bool IsBegunBy(TimerRecord timer) =>
        Run is { } run && timer.Id == TimerIdOf(timer.WorkflowId, run.Number);

    /// <summary>Begins the next run, of this code's version: the start message is to be raised.</summary>
    public UserMessage Begin(TimerRecord timer, int definitionVersion)
    {
        var workflow = turn.Workflow!;
        var failed = StoreJson.Read<RunRecord>(workflow.Run!);
        var run = failed with { Number = failed.Number + 1, NextAt = null };
        draft.Workflow = workflow with
        {
            State = InitialState,
            Document = EmptyDocument,
            DefinitionVersion = definitionVersion,
            Run = StoreJson.Write(run),
            UpdatedAt = turn.Now,
        };
        draft.WorkflowChanged = true;
        draft.EndedTimers.Add(timer.Id);
        turn.Record(HistoryKind.RunStarted, HistoryData.Run(run.Number));
        return new UserMessage(timer.Id, timer.Body);
    }

    // Activities go on counting, so that no id of the failed run is used twice.
    private static WorkflowRecord Fresh(WorkflowRecord failed) => failed with
    {
        State = InitialState,
        Status = WorkflowStatus.Running,
        Document = EmptyDocument,
        HasTiedActivities = false,
        Result = null,
        Failure = null,
        ClosedAt = null,
        Waits = null,
    };

    private TimerRecord TimerOf(WorkflowRecord failed, RunRecord run, StartDefinition start, DateTimeOffset at) => new(
        failed.Id, TimerIdOf(failed.Id, run.Number), failed.Type, MessageUrn.ForTypeString(start.MessageType), run.Input, at, failed.Version, turn.Now);

    private static Guid TimerIdOf(Guid workflowId, int failedRun) => WireIds.Derive(workflowId, $"run/{failedRun}");
}
