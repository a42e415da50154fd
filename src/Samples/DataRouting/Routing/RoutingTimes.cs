namespace DataRouting.Routing;

/// <summary>Every duration of the example, scaled together so that a demonstration or a test is quick.</summary>
public sealed record RoutingTimes(double Scale)
{
    public TimeSpan GetRouteTimeout { get; } = TimeSpan.FromSeconds(10) * Scale;

    public TimeSpan RetryInterval { get; } = TimeSpan.FromSeconds(1) * Scale;

    /// <summary>How long a provider's acknowledgement is waited for.</summary>
    public TimeSpan TransmitTimeout { get; } = TimeSpan.FromSeconds(10) * Scale;

    /// <summary>An acknowledgement in time comes within this.</summary>
    public TimeSpan LongestPromptAcknowledgement { get; } = TimeSpan.FromSeconds(2) * Scale;

    /// <summary>A late acknowledgement comes after the timeout and within this.</summary>
    public TimeSpan LongestLateAcknowledgement { get; } = TimeSpan.FromSeconds(15) * Scale;
}
