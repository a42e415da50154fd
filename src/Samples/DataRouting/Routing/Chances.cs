namespace DataRouting.Routing;

/// <summary>How often things go wrong, in percent.</summary>
/// <param name="RouteError">The route service breaks down.</param>
/// <param name="AcknowledgementLoss">A provider never acknowledges.</param>
/// <param name="AcknowledgementLate">A provider acknowledges after the timeout.</param>
public sealed record Chances(int RouteError, int AcknowledgementLoss, int AcknowledgementLate);
