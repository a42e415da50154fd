using System.Diagnostics;
using SagaFlow.Contracts;
using SagaFlow.Storage;

namespace SagaFlow.Workflows;

/// <summary>A turn in hand: its locks, and the way to read more once it is known that more is needed.</summary>
internal sealed class TurnContext(IWorkflowStore store, KeyLocks locks, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly List<IDisposable> _held = [];
    private bool _workflowHeld;
    private Activity? _span;

    public WorkflowTurn Turn { get; set; } = null!;

    /// <summary>The inbox row of this message, when it was applied before.</summary>
    public InboxEntry? Seen { get; set; }

    /// <summary>The timer that this message rings, as long as it is scheduled.</summary>
    public TimerRecord? Timer { get; set; }

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Waits until the row that guards the message is free: the activity alone, where that is all it needs.</summary>
    public async Task EnterAsync(LoadKey key)
    {
        if (key.ActivityId is { } activityId)
        {
            _held.Add(await locks.AcquireAsync($"{key.WorkflowId:N}/{activityId}", cancellationToken));
        }

        if (key.Workflow)
        {
            await HoldWorkflowAsync(key.WorkflowId);
        }
    }

    /// <summary>Reads the workflow for an activity that ended. Locks are taken in one order: activity, then workflow.</summary>
    public async Task LoadWorkflowAsync()
    {
        if (Turn.Workflow is null)
        {
            await HoldWorkflowAsync(Turn.WorkflowId);
            await AdoptAsync(new LoadKey(Turn.WorkflowId) { Workflow = true });
        }
    }

    /// <summary>Reads the open activities of a workflow that is about to end.</summary>
    public Task LoadOpenActivitiesAsync() => AdoptAsync(new LoadKey(Turn.WorkflowId) { OpenActivities = true });

    /// <summary>Reads one more activity of the workflow.</summary>
    public Task LoadActivityAsync(string activityId) => AdoptAsync(new LoadKey(Turn.WorkflowId) { ActivityId = activityId });

    /// <summary>Traces the turn until it is committed, or run again.</summary>
    public void Trace(Activity? span) => _span = span;

    /// <summary>Says what became of the message.</summary>
    public void Conclude(Disposition disposition) => _span?.SetTag("sagaflow.disposition", disposition.ToWireName());

    public ValueTask DisposeAsync()
    {
        _span?.Dispose();
        for (var i = _held.Count - 1; i >= 0; i--)
        {
            _held[i].Dispose();
        }

        _held.Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits for the workflow's turn, unless this turn has it already.</summary>
    public async Task HoldWorkflowAsync(Guid workflowId)
    {
        if (!_workflowHeld)
        {
            _held.Add(await locks.AcquireAsync($"{workflowId:N}", cancellationToken));
            _workflowHeld = true;
        }
    }

    private async Task AdoptAsync(LoadKey key)
    {
        var loaded = await store.LoadAsync([key], cancellationToken);
        Turn.Adopt(loaded[0]);
    }
}
