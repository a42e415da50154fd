namespace SagaFlow.Worker;

/// <summary>How a worker runs its handlers.</summary>
public sealed class SagaFlowWorkerOptions
{
    /// <summary>Gets or sets how many handlers run at once for each task queue.</summary>
    /// <value>The default is 16; 1 to 1,000. <see cref="SagaFlowWorkerBuilder.ConfigureTaskQueue"/> says otherwise for one of them.</value>
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

    /// <summary>Gets or sets whether the failure that is made of a handler's exception carries the exception's stack trace.</summary>
    /// <value>The default is <see langword="false"/>: it says the exception's type and message, and those of its causes. The stack is in the worker's own log.</value>
    /// <remarks>A failure is stored in the workflow's history and shown to everybody who may query the workflow; a stack trace names source files and
    /// the inside of the program.</remarks>
    public bool SendsStackTraces { get; set; }

    /// <summary>Gets or sets how many tries in a row to connect or to consume may fail before a worker ends with exit code 10.</summary>
    /// <value>The default is 5; 1 to 1,000. Between them it waits 1 s, then 1.2 s longer each time.</value>
    /// <remarks>A success begins the count anew, and what a stop interrupts does not count.</remarks>
    public int MaximumConnectFailures { get; set; } = 5;

    /// <summary>Gets or sets whether the whole worker ends with exit code 10, and the host with it, when one of its workers has given up connecting.</summary>
    /// <value>The default is <see langword="false"/>: another worker takes its place after <see cref="RestartDelay"/>, so that an outage of the
    /// broker ends by itself. Set it where something starts the process again.</value>
    public bool StopsWhenUnconnected { get; set; }

    /// <summary>Gets or sets how long the place of a worker that ended with an error is empty before another takes it.</summary>
    /// <value>The default is 2 seconds; 0 to 1 hour.</value>
    /// <remarks>An exception of a handler does not end a worker: it fails the attempt, and nothing else.</remarks>
    public TimeSpan RestartDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets what the names of the workers begin with.</summary>
    /// <value>The default is the machine's name; 1 to 64 characters.</value>
    public string NamePrefix { get; set; } = Environment.MachineName;

    /// <summary>Gets or sets whether the host starts the worker.</summary>
    /// <value>The default is <see langword="true"/>. Otherwise call <see cref="ISagaFlowWorker.StartAsync"/>; the host stops it in any case.</value>
    public bool StartsWithHost { get; set; } = true;

    /// <summary>Gets what is said of single task queues, by name: see <see cref="SagaFlowWorkerBuilder.ConfigureTaskQueue"/>.</summary>
    internal Dictionary<string, TaskQueueOptions> TaskQueues { get; } = new(StringComparer.Ordinal);

    internal TaskQueueOptions QueueOf(string taskQueue) => TaskQueues.GetValueOrDefault(taskQueue) ?? new TaskQueueOptions();
}
