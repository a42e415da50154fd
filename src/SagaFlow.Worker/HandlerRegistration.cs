using SagaFlow.Contracts;

namespace SagaFlow.Worker;

/// <summary>A handler, the activity it runs and the task queue it takes it from.</summary>
internal sealed class HandlerRegistration
{
    private const string Suffix = "Handler";
    public const string DefaultTaskQueue = "default";

    private HandlerRegistration(string activity, IHandlerInvoker invoker) => (Activity, Invoker) = (activity, invoker);

    public string Activity { get; }

    public IHandlerInvoker Invoker { get; }

    public string TaskQueue { get; set; } = DefaultTaskQueue;

    /// <summary>Whether an attempt is asked for at the engine before the handler runs.</summary>
    public bool ClaimsBeforeRun { get; set; }

    /// <summary>How many of its attempts run at once in this process; <see langword="null"/> when only the task queue's capacity limits them.</summary>
    public int? MaximumConcurrency { get; set; }

    /// <summary>How many of its attempts start within any <see cref="StartPeriod"/>; <see langword="null"/> when there is no limit.</summary>
    public int? MaximumStarts { get; set; }

    public TimeSpan StartPeriod { get; set; }

    public static HandlerRegistration For(Type handler, string? activity)
    {
        var contracts = handler.GetInterfaces().Where(IsContract).ToList();
        if (contracts.Count != 1)
        {
            throw new SagaFlowException(
                $"'{handler.Name}' implements IActivityHandler<TArguments, TResult> {contracts.Count} times. A handler runs one activity.");
        }

        var invoker = typeof(HandlerInvoker<,,>).MakeGenericType([handler, .. contracts[0].GetGenericArguments()]);
        return new HandlerRegistration(activity ?? NameOf(handler), (IHandlerInvoker)Activator.CreateInstance(invoker)!);
    }

    private static bool IsContract(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IActivityHandler<,>);

    private static string NameOf(Type handler)
    {
        var name = handler.Name.Split('`')[0];
        return name.EndsWith(Suffix, StringComparison.Ordinal) && name.Length > Suffix.Length ? name[..^Suffix.Length] : name;
    }
}
