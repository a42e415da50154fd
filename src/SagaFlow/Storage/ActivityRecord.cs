using SagaFlow.Activities;

namespace SagaFlow.Storage;

/// <summary>One row of <c>activity</c>: the core's state and the row's version.</summary>
/// <param name="State">The core's state.</param>
/// <param name="Version">Counts the commits that changed this row; 0 for a row that is not stored yet.</param>
/// <param name="WorkflowType">The owner's type, so that an answer finds its pipe without reading the workflow.</param>
internal sealed record ActivityRecord(ActivityState State, int Version, string WorkflowType);
