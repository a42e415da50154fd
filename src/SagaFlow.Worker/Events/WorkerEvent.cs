namespace SagaFlow.Worker;

/// <summary>Something that happened to a worker: one slot of a pool. All workers of a process report to the same observers.</summary>
/// <remarks>
/// <para>The names of the Step Functions worker library, and what they are called here:</para>
/// <list type="table">
/// <item><term><c>worker:starting</c>, <c>worker:running</c></term><description><see cref="WorkerStarting"/>, <see cref="WorkerRunning"/></description></item>
/// <item><term><c>worker:stopping</c>, <c>worker:stopped</c></term><description><see cref="WorkerStopping"/>, <see cref="WorkerStopped"/> with its <see cref="WorkerExit"/> (<c>exitOutput</c>)</description></item>
/// <item><term><c>polling:starting</c>, <c>polling:success</c>, <c>polling:error</c></term><description><see cref="ConsumingStarting"/>, <see cref="ConsumingStarted"/>, <see cref="ConsumingFailed"/></description></item>
/// <item><term><c>task:received</c>, <c>task:start</c></term><description><see cref="RequestReceived"/>, <see cref="AttemptStarted"/></description></item>
/// <item><term><c>task:heartbeat</c></term><description><see cref="AttemptHeartbeat"/></description></item>
/// <item><term><c>task:success</c>, <c>task:failure</c></term><description><see cref="AttemptCompleted"/>, <see cref="AttemptFailed"/></description></item>
/// <item><term><c>task:errored</c>, <c>task:done</c></term><description><see cref="AttemptErrored"/>, <see cref="AttemptDone"/></description></item>
/// </list>
/// <para>Only here: <see cref="WorkerReplaced"/>, <see cref="PoolResized"/>, <see cref="AttemptPending"/>, <see cref="AttemptCanceled"/>,
/// <see cref="AttemptReleased"/>. No event carries a task token, arguments or results.</para>
/// </remarks>
public abstract record WorkerEvent
{
    /// <summary>Gets the worker's name, unique among all processes.</summary>
    public string Worker { get; init; } = "";

    /// <summary>Gets the task queue of its pool.</summary>
    public string TaskQueue { get; init; } = "";

    /// <summary>Gets when it happened, by this process's clock.</summary>
    public DateTimeOffset At { get; init; }
}
