using MassTransit;
using SagaFlow.Activities;
using SagaFlow.Contracts;
using SagaFlow.Joins;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>One message's work on one workflow: what was loaded, what the state machine asked for, and the change set that comes of it.</summary>
/// <remarks>It lives for one try at one message. When its change set loses to another, it is thrown away and the message
/// runs again in a new turn on fresh state.</remarks>
internal sealed class WorkflowTurn
{
    private readonly TurnServices _services;
    private readonly TurnDraft _draft = new();
    private readonly Queue<object> _ended = new();
    private TurnDraft? _beforeMachine;

    public WorkflowTurn(TurnServices services, Loaded loaded, DateTimeOffset now)
    {
        _services = services;
        Now = now;
        WorkflowId = loaded.Key.WorkflowId;
        Activities = new TurnActivities(this, _draft, services);
        Joins = new TurnJoins(this, _draft, services);
        Waits = new TurnWaits(this, _draft, services);
        Messages = new TurnMessages(this, _draft, services);
        Timers = new TurnTimers(this, _draft);
        Runs = new TurnRuns(this, _draft, services);
        Adopt(loaded);
    }

    public Guid WorkflowId { get; }

    /// <summary>The one "now" of the whole turn.</summary>
    public DateTimeOffset Now { get; }

    public WorkflowRecord? Workflow => _draft.Workflow;

    public bool HasChanges => !Messages.Refused && _draft.HasChanges;

    /// <summary>What the state machine schedules for later.</summary>
    public TurnTimers Timers { get; }

    /// <summary>The runs of a workflow whose definition retries failed ones.</summary>
    public TurnRuns Runs { get; }

    /// <summary>What is being raised: the <see cref="ActivityState"/> that ended, a <see cref="JoinedGroup"/> or a
    /// <see cref="MetWait"/>; null while a message of the author's runs.</summary>
    public object? Outcome { get; private set; }

    /// <summary>The workflow's activities, as far as this turn has to do with them.</summary>
    public TurnActivities Activities { get; }

    /// <summary>Groups of activities in this turn.</summary>
    public TurnJoins Joins { get; }

    /// <summary>Different activities that the workflow awaits together.</summary>
    public TurnWaits Waits { get; }

    /// <summary>Messages of the author's in this turn: the one that runs, and those that are kept.</summary>
    public TurnMessages Messages { get; }

    /// <summary>Finds the turn that a state machine runs in.</summary>
    public static WorkflowTurn Of(PipeContext context) =>
        context.TryGetPayload<WorkflowTurn>(out var turn)
            ? turn
            : throw new SagaFlowException("A workflow's state machine ran outside the engine. Register it with AddSagaFlow(flow => flow.AddWorkflow<...>()).");

    /// <summary>Takes rows that were read later in the turn, such as the workflow once an activity ended.</summary>
    public void Adopt(Loaded loaded)
    {
        if (loaded.Workflow is { } workflow && _draft.Workflow is null)
        {
            _draft.Workflow = workflow;
            _draft.KeptBefore.AddRange(loaded.KeptMessages);
        }

        Joins.Adopt(loaded);
        foreach (var record in loaded.OpenActivities.Concat(loaded.Members).Concat(loaded.Activity is { } activity ? [activity] : []))
        {
            _draft.Activities.TryAdd(record.State.Id, record);
        }
    }

    /// <summary>Creates the workflow that this turn's message starts.</summary>
    public void Begin(string type, int definitionVersion, StartTerms terms, UserMessage message)
    {
        _draft.Workflow = new WorkflowRecord
        {
            Id = WorkflowId,
            Type = type,
            BusinessKey = terms.BusinessKey,
            State = "Initial",
            Status = WorkflowStatus.Running,
            DefinitionVersion = definitionVersion,
            Document = "{}",
            ActivityCounts = "{}",
            InputHash = message.BodyHash,
            CreatedAt = Now,
            UpdatedAt = Now,
            DeadlineAt = Now + terms.Timeout,
            Run = terms.Retries ? StoreJson.Write(new RunRecord(1, message.Body, NextAt: null)) : null,
        };
        _draft.WorkflowChanged = true;
        Record(HistoryKind.WorkflowStarted, HistoryData.Started(type, terms, message.Body));
    }

    /// <summary>Notes that a message is seen.</summary>
    public void Remember(InboxEntry inbox) => _draft.Inbox = inbox;

    /// <summary>Ends the workflow with a result: called by the state machine.</summary>
    public void Complete(string result) => Close(WorkflowStatus.Completed, result, null);

    /// <summary>Ends the workflow as failed: called by the state machine, or for it.</summary>
    public void Fail(ActivityFailure failure) => Close(WorkflowStatus.Failed, null, failure);

    /// <summary>Ends the workflow from outside its state machine, which is not asked.</summary>
    public void End(WorkflowStatus status, ActivityFailure failure)
    {
        Close(status, null, failure);
        _draft.Workflow = RequireWorkflow() with { State = "Final", UpdatedAt = Now };
    }

    /// <summary>What to fail with when no state handles an outcome: the outcome's own reason, and where it was not handled.</summary>
    public ActivityFailure UnhandledOutcome(string state, string eventName)
    {
        var failure = Outcome switch
        {
            ActivityState activity when activity.Status != ActivityStatus.Completed => OutcomeRouter.FailureOf(activity),
            JoinedGroup group => group.FirstFailure,
            _ => null,
        };
        var where = $"State '{state}' does not handle '{eventName}'";
        return failure is null
            ? ActivityFailure.NonRetryable("UnhandledOutcome", $"{where}. Add a When({eventName}), or Ignore it.")
            : failure with { Retryable = false, Details = failure.Details is null ? where : $"{where}. {failure.Details}" };
    }

    /// <summary>Takes a message that the state machine published or sent.</summary>
    public void Capture(OutgoingKind kind, string destination, string contentType, byte[] body) =>
        _draft.Outgoing.Add(new OutgoingMessage(
            NextMessageId(), WorkflowId, kind, destination, contentType, "{}", body, Now));

    /// <summary>The id of the next captured message: the same whenever this turn is run again.</summary>
    public Guid NextMessageId() =>
        WireIds.Derive(WorkflowId, $"out/{RequireWorkflow().Version}/{_draft.Outgoing.Count}");

    /// <summary>Remembers the change set as it is, in case the author's code throws.</summary>
    public void EnterMachine() => _beforeMachine = _draft.Copy();

    /// <summary>Refuses what is too large to store while the author's code can still be blamed for it.</summary>
    /// <exception cref="StorageLimitException">A document, a payload or a message is too large.</exception>
    public void CheckSizes() => StorageLimits.Check(_draft.ToChangeSet(WorkflowId));

    /// <summary>Refuses to go on with a running workflow that a newer version of the code has stored.</summary>
    /// <exception cref="WorkflowVersionException">It is for another engine.</exception>
    public void CheckVersion(IWorkflowMachine machine) => _services.Versions.Check(RequireWorkflow(), machine);

    /// <summary>Reads the author's instance, in the version of the code that is about to run it.</summary>
    /// <exception cref="WorkflowVersionException">This code cannot read it.</exception>
    public TInstance ReadInstance<TInstance>(IWorkflowMachine machine)
        where TInstance : WorkflowInstance
    {
        Migrate(machine);
        return _services.Versions.Read(RequireWorkflow(), machine, WorkflowDocument.Read<TInstance>);
    }

    /// <summary>Brings the workflow to the version of the code that is about to run it.</summary>
    /// <exception cref="WorkflowVersionException">This code cannot.</exception>
    public void Migrate(IWorkflowMachine machine)
    {
        var workflow = RequireWorkflow();
        var migrated = _services.Versions.Read(workflow, machine, machine.Migrate);
        if (!ReferenceEquals(workflow, migrated))
        {
            _draft.Workflow = migrated;
            _draft.WorkflowChanged = true;
            Record(HistoryKind.WorkflowMigrated, HistoryData.Migrated(workflow, migrated));
        }
    }

    /// <summary>Stores the instance after the state machine has run.</summary>
    public void Save(string state, string document)
    {
        var workflow = RequireWorkflow();
        if (state == "Final" && workflow.Status == WorkflowStatus.Running)
        {
            Complete("null");
            workflow = RequireWorkflow();
        }

        _draft.Workflow = workflow with { State = workflow.Status == WorkflowStatus.Running ? state : "Final", Document = document, UpdatedAt = Now };
        _draft.WorkflowChanged = true;
    }

    /// <summary>Drops what the author's code asked for before it threw, and fails the workflow.</summary>
    public void FailMachine(Exception exception)
    {
        _draft.RestoreFrom(_beforeMachine ?? throw new InvalidOperationException("The state machine was not entered."));
        End(WorkflowStatus.Failed, FailureTexts.Clean(FailureOf(CauseOf(exception))));
        _services.WorkflowCodeFaulted(WorkflowId, exception);
    }

    public bool HasEnded => _ended.Count > 0;

    /// <summary>Takes the next thing that ended in this turn and whose outcome the workflow has not seen.</summary>
    public bool TryTakeEnded() => _ended.TryDequeue(out var next) && (Outcome = next) is not null;

    /// <summary>Has the workflow told of an outcome once it has finished what it does now.</summary>
    public void Enqueue(object outcome) => _ended.Enqueue(outcome);

    /// <summary>Closes what is still open of a workflow that has ended, or whose run has.</summary>
    public void CloseOpenActivities()
    {
        Activities.CloseOpen();
        _ended.Clear();
    }

    /// <summary>Writes down what happened to the workflow itself.</summary>
    public void Record(string kind, string? data) => _draft.History.Add(HistoryEntry(kind, data));

    /// <summary>Makes a line of the workflow's history.</summary>
    public HistoryEvent HistoryEntry(string kind, string? data) => new(0, WorkflowId, Now, kind, null, null, data);

    public ChangeSet ToChangeSet() => _draft.ToChangeSet(WorkflowId);

    // MassTransit wraps what a state machine's code throws; the author looks for the exception of his own.
    private static Exception CauseOf(Exception exception) =>
        exception is EventExecutionException { InnerException: { } cause } ? CauseOf(cause) : exception;

    // Anybody who may query the workflow sees it; the stack is in the log alone.
    private static ActivityFailure FailureOf(Exception cause) => cause is UnreadablePayloadException
        ? ActivityFailure.NonRetryable(UnreadablePayloadException.FailureType, cause.Message)
        : ActivityFailure.From(cause) with { Retryable = false };

    private void Close(WorkflowStatus status, string? result, ActivityFailure? failure)
    {
        var workflow = RequireWorkflow();
        if (workflow.Status != WorkflowStatus.Running)
        {
            return;
        }

        _draft.Workflow = workflow with
        {
            Status = status,
            Result = result,
            Failure = failure is null ? null : RawJson.Write(failure),
            ClosedAt = Now,
        };
        _draft.WorkflowChanged = true;
        Record(WorkflowEnd.HistoryKindOf(status), WorkflowEnd.HistoryDataOf(status, result, failure));
    }

    private WorkflowRecord RequireWorkflow() =>
        _draft.Workflow ?? throw new InvalidOperationException($"Workflow {WorkflowId} is not loaded in this turn.");
}
