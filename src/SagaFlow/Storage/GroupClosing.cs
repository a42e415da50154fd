namespace SagaFlow.Storage;

/// <summary>How many members of one group a change set closes.</summary>
/// <param name="GroupId">Which group.</param>
/// <param name="Completed">Members that gave a result.</param>
/// <param name="Failed">Members that ended without one.</param>
internal sealed record GroupClosing(string GroupId, int Completed, int Failed);
