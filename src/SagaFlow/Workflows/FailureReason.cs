namespace SagaFlow;

/// <summary>How an activity ended without a result.</summary>
public enum FailureReason
{
    /// <summary>The worker, or another holder of the token, said that it failed.</summary>
    Failed,

    /// <summary>Nobody started it in time.</summary>
    ScheduleToStartTimeout,

    /// <summary>Its last attempt ran too long.</summary>
    StartToCloseTimeout,

    /// <summary>It took too long with all attempts.</summary>
    ScheduleToCloseTimeout,

    /// <summary>Its last attempt's heartbeats stopped.</summary>
    HeartbeatTimeout,

    /// <summary>It was canceled.</summary>
    Canceled,
}
