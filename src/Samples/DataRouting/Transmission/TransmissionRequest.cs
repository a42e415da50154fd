namespace DataRouting.Transmission;

/// <summary>What the transmit service is asked to do: deliver, and acknowledge with the token.</summary>
public sealed record TransmissionRequest(string PacketId, string Provider, string Payload, string TaskToken);
