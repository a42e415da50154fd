using System.Collections;
using SagaFlow.Client;

namespace SagaFlow.Testing;

/// <summary>What happened to a workflow, oldest first. As text it is one line for each event.</summary>
public sealed class WorkflowHistory : IReadOnlyList<WorkflowHistoryEvent>
{
    private readonly IReadOnlyList<WorkflowHistoryEvent> _events;

    internal WorkflowHistory(IReadOnlyList<WorkflowHistoryEvent> events) => _events = events;

    /// <inheritdoc/>
    public int Count => _events.Count;

    /// <inheritdoc/>
    public WorkflowHistoryEvent this[int index] => _events[index];

    /// <inheritdoc/>
    public IEnumerator<WorkflowHistoryEvent> GetEnumerator() => _events.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Prints the history, one event on a line: when, what, which activity and attempt, and its data.</summary>
    public override string ToString() => string.Join(Environment.NewLine, _events.Select(Line));

    internal WorkflowHistory Last(int count) => new([.. _events.TakeLast(count)]);

    private static string Line(WorkflowHistoryEvent @event) =>
        $"  {@event.At:yyyy-MM-ddTHH:mm:ss.fffZ} {@event.Kind}{About(@event)} {@event.Data?.GetRawText()}".TrimEnd();

    private static string About(WorkflowHistoryEvent @event) =>
        @event.ActivityId is null ? "" : @event.Attempt is { } attempt ? $" {@event.ActivityId} attempt {attempt}" : $" {@event.ActivityId}";
}
