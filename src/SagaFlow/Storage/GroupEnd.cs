namespace SagaFlow.Storage;

/// <summary>The end of one group's waiting.</summary>
/// <param name="GroupId">Which group.</param>
/// <param name="Status"><see cref="GroupStatus.Joined"/>, which only a group whose condition is met can become and only once,
/// or <see cref="GroupStatus.Abandoned"/>.</param>
internal sealed record GroupEnd(string GroupId, GroupStatus Status);
