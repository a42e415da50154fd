using Microsoft.Extensions.Options;
using SagaFlow.Client;

namespace SagaFlow.Worker.Pools;

/// <summary>Names workers, no two alike: a prefix of the user's, a part of this process's own, the task queue and a number.</summary>
internal sealed class WorkerNames(IOptions<SagaFlowWorkerOptions> options, IIdSource ids)
{
    private readonly string _process = $"{options.Value.NamePrefix}-{ids.Next():N}"[..(options.Value.NamePrefix.Length + 9)];
    private int _last;

    public string PrefixOf(string taskQueue) => $"{_process}-{taskQueue}";

    public string Next(string taskQueue) => $"{PrefixOf(taskQueue)}-{Interlocked.Increment(ref _last)}";
}
