using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Diagnostics;
using SagaFlow.Hosting;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>What can happen to a workflow: a message of the author's, or something about one of its activities.</summary>
internal sealed class WorkflowEngine(TurnRunner runner, WorkflowRegistry registry, EngineLimits limits, IRandomSource random)
{
    /// <summary>Applies an answer, a ring or the like to one activity, and raises its end in the workflow if it ended.</summary>
    /// <param name="workflowId">Whose activity it is.</param>
    /// <param name="activityId">Which one.</param>
    /// <param name="event">What happened.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="once">Names the message where the activity's row cannot tell a repeat; <see langword="null"/> where it can.</param>
    public Task<Receipt> ApplyAsync(
        Guid workflowId, string activityId, ActivityEvent @event, CancellationToken cancellationToken, InboxKey? once = null) =>
        runner.RunAsync(
            new LoadKey(workflowId) { ActivityId = activityId, Inbox = once },
            context => ApplyAsync(context, activityId, @event, once),
            cancellationToken);

    /// <summary>Starts a workflow, or finds that it was started before.</summary>
    public Task<Receipt> StartAsync(
        WorkflowDefinition definition, StartTerms terms, InboxKey inbox, UserMessage message, Func<WorkflowTurn, Task> raise,
        CancellationToken cancellationToken) =>
        runner.RunAsync(
            new LoadKey(inbox.WorkflowId) { Workflow = true, Inbox = inbox },
            async context =>
            {
                var turn = context.Turn;
                context.Trace(EngineTraces.Begin("start", definition.Type, turn.WorkflowId));
                if (turn.Workflow is { } existing)
                {
                    return existing.InputHash == message.BodyHash || Mutants.On(Mutant.StartInputUnchecked)
                        ? new Receipt(Disposition.Duplicate, "It was started before", WorkflowId: existing.Id)
                        : new Receipt(Disposition.DuplicateConflict, "It was started before with other input", WorkflowId: existing.Id);
                }

                turn.Begin(definition.Type, definition.Machine.Version, terms, message);
                turn.Messages.Receive(message, new InboxEntry(inbox, message.BodyHash, turn.Now));
                await raise(turn);
                await FinishAsync(context, definition);
                return new Receipt(Disposition.Applied, WorkflowId: turn.WorkflowId);
            },
            cancellationToken);

    /// <summary>Gives a running workflow a message of the author's; it is kept while no state handles it.</summary>
    public Task<Receipt> SignalAsync(
        WorkflowDefinition definition, InboxKey inbox, string eventName, UserMessage message, Func<WorkflowTurn, Task> raise,
        CancellationToken cancellationToken) =>
        runner.RunAsync(
            new LoadKey(inbox.WorkflowId) { Workflow = true, Inbox = inbox },
            async context =>
            {
                var turn = context.Turn;
                context.Trace(EngineTraces.Begin("signal", definition.Type, turn.WorkflowId));
                if (context.Seen is not null || turn.Workflow?.Type != definition.Type || turn.Workflow.Status != WorkflowStatus.Running)
                {
                    return RefusalOf(context, definition.Type, message);
                }

                turn.CheckVersion(definition.Machine);
                turn.Messages.Receive(message, new InboxEntry(inbox, message.BodyHash, turn.Now));
                var before = turn.Messages.Mark();
                await (turn.Runs.IsAwaited ? turn.Messages.KeepAsync(eventName) : raise(turn));
                if (turn.Messages.Refused)
                {
                    return new Receipt(Disposition.TooMany, $"The workflow keeps {limits.KeptMessages} messages already", WorkflowId: turn.WorkflowId) { Code = "signal_buffer_full" };
                }

                var changed = turn.Messages.NoteReceived(before, eventName, message.Body);
                var disposition = turn.Messages.Kept ? Disposition.Kept : changed ? Disposition.Applied : Disposition.Ignored;
                await FinishAsync(context, definition);
                return new Receipt(disposition, WorkflowId: turn.WorkflowId);
            },
            cancellationToken);

    private static Receipt RefusalOf(TurnContext context, string type, UserMessage message) => context switch
    {
        { Seen: { } seen } when seen.BodyHash != message.BodyHash =>
            new Receipt(Disposition.DuplicateConflict, "Another message with this id was applied before", WorkflowId: context.Turn.WorkflowId),
        { Seen: not null } => new Receipt(Disposition.Duplicate, "This message was applied before", WorkflowId: context.Turn.WorkflowId),
        { Turn.Workflow: null } => new Receipt(Disposition.UnknownWorkflow, "No such workflow"),
        { Turn.Workflow: { } other } when other.Type != type => new Receipt(Disposition.UnknownWorkflow, $"No such workflow of type '{type}'"),
        { Turn.Workflow.Status: WorkflowStatus.Canceled } => new Receipt(Disposition.Canceled, WorkflowId: context.Turn.WorkflowId),
        _ => new Receipt(Disposition.WorkflowClosed, WorkflowId: context.Turn.WorkflowId),
    };

    private async Task<Receipt> ApplyAsync(TurnContext context, string activityId, ActivityEvent @event, InboxKey? once)
    {
        var turn = context.Turn;
        if (turn.Activities.Find(activityId) is not { } record)
        {
            return new Receipt(Disposition.UnknownWorkflow, "No such workflow, or it was deleted");
        }

        if (context.Seen is not null)
        {
            return new Receipt(
                Disposition.Duplicate, "This message was applied before", record.State.Attempt, record.State.CancelRequested, turn.WorkflowId);
        }

        context.Trace(EngineTraces.BeginFor(record, @event.GetType().Name));
        var decision = ActivityLifecycle.Decide(record.State, @event, turn.Now, random.NextDouble());
        turn.Activities.Apply(record, decision);
        if (once is not null && decision.Disposition is Disposition.Applied)
        {
            turn.Remember(new InboxEntry(once, "", turn.Now));
        }

        await RaiseHeartbeatAsync(context, record.WorkflowType);
        await RaiseEndedAsync(context, record.WorkflowType);
        return new Receipt(
            decision.Disposition, decision.Detail, decision.State.Attempt, decision.CancelRequested, turn.WorkflowId);
    }

    // A heartbeat is the activity's alone, unless a state of the machine handles it: then the workflow is read, and the state asked.
    private async Task RaiseHeartbeatAsync(TurnContext context, string workflowType)
    {
        var turn = context.Turn;
        if (turn.Activities.Heartbeat is not { } heartbeat || !registry.TryFind(workflowType, out var definition)
            || !definition.Machine.HearsHeartbeatsOf(heartbeat.ActivityName))
        {
            return;
        }

        await context.LoadWorkflowAsync();
        turn.Migrate(definition.Machine);
        if (turn.Workflow is { Status: WorkflowStatus.Running } workflow
            && definition.Machine.Handles(workflow.State, definition.Machine.Activities[heartbeat.ActivityName].HeartbeatEvent))
        {
            await definition.RaiseEndedAsync(turn);
            await FinishAsync(context, definition);
        }
    }

    private async Task RaiseEndedAsync(TurnContext context, string workflowType)
    {
        if (!context.Turn.HasEnded)
        {
            return;
        }

        await context.LoadWorkflowAsync();
        await FinishAsync(context, registry.Find(workflowType));
    }

    /// <summary>Raises what became ready while the turn ran.</summary>
    public Task FinishAsync(TurnContext context, WorkflowDefinition definition) => TurnFinish.RunAsync(context, definition, limits);
}
