namespace SagaFlow;

/// <summary>Which deadline passed.</summary>
public enum TimeoutType
{
    /// <summary>Nobody started the attempt in time. Never retried.</summary>
    ScheduleToStart,

    /// <summary>The attempt ran too long.</summary>
    StartToClose,

    /// <summary>The activity took too long with all attempts. No attempt follows.</summary>
    ScheduleToClose,

    /// <summary>The attempt's heartbeats stopped, or never came.</summary>
    Heartbeat,
}
