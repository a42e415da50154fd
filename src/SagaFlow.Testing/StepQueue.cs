namespace SagaFlow.Testing;

/// <summary>What is still to happen, in order: deliveries of messages, rings and answers. One happens at a time.</summary>
internal sealed class StepQueue
{
    private readonly Lock _lock = new();
    private readonly Queue<Step> _steps = new();
    private TaskCompletionSource _added = NewSignal();

    /// <summary>Ends when the next step is added; at once when one waits.</summary>
    public Task Added
    {
        get
        {
            lock (_lock)
            {
                return _steps.Count > 0 ? Task.CompletedTask : _added.Task;
            }
        }
    }

    public void Add(string name, Func<Task> run)
    {
        TaskCompletionSource added;
        lock (_lock)
        {
            _steps.Enqueue(new Step(name, run));
            added = _added;
            _added = NewSignal();
        }

        added.SetResult();
    }

    public bool TryTake(out Step step)
    {
        lock (_lock)
        {
            return _steps.TryDequeue(out step);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>One thing that happens.</summary>
    /// <param name="Name">What it is, for the error that names a loop.</param>
    /// <param name="RunAsync">Does it.</param>
    internal readonly record struct Step(string Name, Func<Task> RunAsync);
}
