using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus;

/// <summary>The names that a deployment has on the broker. All follow one prefix, which is the deployment's id as well.</summary>
internal sealed class BusNames
{
    public const string DefaultPrefix = "sagaflow";
    private const int MaximumPrefixLength = 32;
    private const int MaximumTaskQueueLength = 64;

    private readonly string _reserved;

    public BusNames(string prefix = DefaultPrefix)
    {
        if (!IsPrefix(prefix))
        {
            throw new SagaFlowException(
                $"The prefix '{prefix}' cannot be used. It takes 1 to {MaximumPrefixLength} characters of 'a' to 'z', '0' to '9', '_' and '-'.");
        }

        Prefix = prefix;
        _reserved = prefix + ".";
    }

    public string Prefix { get; }

    /// <summary>The one queue that takes all answers: it verifies the token before anything else happens.</summary>
    public string Answers => _reserved + "answers";

    public string Control => _reserved + "control";

    public string Timers => _reserved + "timers";

    /// <summary>The engine's own queue of groups whose condition is met.</summary>
    public string Joins => _reserved + "joins";

    /// <summary>A topic exchange; its routing key is <c>taskQueue.workflowId.activityId</c>.</summary>
    public string Cancel => _reserved + "cancel";

    public string TaskQueue(string taskQueue) => IsTaskQueue(taskQueue)
        ? _reserved + "tasks." + taskQueue
        : throw new SagaFlowException(
            $"The task queue name '{taskQueue}' cannot be used. It takes 1 to {MaximumTaskQueueLength} characters of 'a' to 'z', '0' to '9', '_' and '-'.");

    public string Workflow(string workflowType) => _reserved + "workflow." + workflowType;

    /// <summary>Whether a queue is the deployment's own, so that nobody may have receipts sent to it.</summary>
    public bool IsReserved(string queue) => queue.StartsWith(_reserved, StringComparison.OrdinalIgnoreCase);

    public static bool IsPrefix(string? name) => IsName(name, MaximumPrefixLength);

    public static bool IsTaskQueue(string? name) => IsName(name, MaximumTaskQueueLength);

    private static bool IsName(string? name, int maximumLength) =>
        name is { Length: > 0 } && name.Length <= maximumLength && name.All(IsNameCharacter);

    private static bool IsNameCharacter(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-';
}
