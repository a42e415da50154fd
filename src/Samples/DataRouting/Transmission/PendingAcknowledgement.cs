namespace DataRouting.Transmission;

/// <summary>An acknowledgement that the service owes.</summary>
/// <param name="PacketId">Which packet.</param>
/// <param name="Provider">By which provider.</param>
/// <param name="TaskToken">Whom to tell.</param>
/// <param name="DueAt">When; <see langword="null"/> when it will be lost.</param>
public sealed record PendingAcknowledgement(string PacketId, string Provider, string TaskToken, DateTimeOffset? DueAt);
