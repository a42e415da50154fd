namespace SagaFlow.Worker;

/// <summary>How a worker runs its handlers.</summary>
public sealed class SagaFlowWorkerOptions
{
    /// <summary>Gets or sets how many handlers run at once for each task queue.</summary>
    /// <value>The default is 16; 1 to 1,000.</value>
    /// <remarks>A slot is held until the handler returns. A handler that returns <see cref="ActivityOutcome.Pending"/> holds none.</remarks>
    public int SlotsPerTaskQueue { get; set; } = 16;

    /// <summary>Gets or sets how long a stopping worker waits for its handlers, which are told to stop at once. What still runs
    /// afterwards is handed back, so that another worker goes on.</summary>
    /// <value>The default is 10 seconds. It should be shorter than the host's own shutdown timeout.</value>
    public TimeSpan ShutdownGracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the address of the engine's HTTP callbacks, with the prefix given to <c>MapSagaFlowCallbacks</c>: the other way
    /// for an answer that the bus does not take.</summary>
    /// <value>The default is <see langword="null"/>: answers go over the bus alone. <c>http</c> or <c>https</c>; the task token travels
    /// there, so that across machines it should be <c>https</c>. It has no user info, query or fragment.</value>
    /// <remarks>With and without it an answer is offered again and again, at most 10 seconds apart, until it is taken, the worker's time is
    /// over, or 24 hours have passed since the activity's schedule-to-close deadline.</remarks>
    public Uri? CallbackUrl { get; set; }

    /// <summary>Gets or sets the longest time for which a handler's heartbeat is held back when it gives many.</summary>
    /// <value>The default is 30 seconds; 0, which holds none back, to 1 hour.</value>
    /// <remarks>The first heartbeat of an attempt leaves at once. After it, the newest leaves when 80 % of the activity's heartbeat
    /// timeout have passed, or this time if it is shorter. A checkpoint that is held back when the handler ends is not lost: a
    /// failed or released attempt carries it.</remarks>
    public TimeSpan MaximumHeartbeatInterval { get; set; } = TimeSpan.FromSeconds(30);
}
