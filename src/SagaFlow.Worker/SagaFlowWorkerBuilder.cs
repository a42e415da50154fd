using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SagaFlow.Client;
using SagaFlow.Client.Bus.RabbitMq;
using SagaFlow.Worker.Events;

namespace SagaFlow.Worker;

/// <summary>Says what a worker handles.</summary>
public sealed class SagaFlowWorkerBuilder
{
    private readonly IServiceCollection _services;

    internal SagaFlowWorkerBuilder(IServiceCollection services) => _services = services;

    /// <summary>Adds the handler of one activity, on the task queue <c>default</c> unless the returned builder says otherwise.</summary>
    /// <typeparam name="THandler">Implements <see cref="IActivityHandler{TArguments,TResult}"/> once. It is made for each run, in a
    /// scope of its own, unless it is registered otherwise.</typeparam>
    /// <param name="activity">The activity's name; by default the type's name without <c>Handler</c>.</param>
    public ActivityHandlerBuilder AddHandler<THandler>(string? activity = null) where THandler : class
    {
        var registration = HandlerRegistration.For(typeof(THandler), activity);
        _services.TryAddScoped<THandler>();
        _services.AddSingleton(registration);
        return new ActivityHandlerBuilder(this, registration);
    }

    /// <summary>Sets the worker's options.</summary>
    public SagaFlowWorkerBuilder Configure(Action<SagaFlowWorkerOptions> configure)
    {
        _services.Configure(configure);
        return this;
    }

    /// <summary>Sets how requests are taken from one task queue: how many at once, and how many in a time.</summary>
    /// <param name="taskQueue">The name that was given to <see cref="ActivityHandlerBuilder.OnTaskQueue"/>.</param>
    /// <param name="configure">Sets the options.</param>
    public SagaFlowWorkerBuilder ConfigureTaskQueue(string taskQueue, Action<TaskQueueOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure(options =>
        {
            var queue = options.QueueOf(taskQueue);
            configure(queue);
            options.TaskQueues[taskQueue] = queue;
        });
    }

    /// <summary>Adds somebody who hears what happens to the workers.</summary>
    /// <typeparam name="TObserver">It is made once; it may take services.</typeparam>
    public SagaFlowWorkerBuilder AddObserver<TObserver>() where TObserver : class, IWorkerObserver
    {
        _services.AddSingleton<IWorkerObserver, TObserver>();
        return this;
    }

    /// <summary>Calls back with all that happens to the workers: see <see cref="IWorkerObserver.OnEvent"/>.</summary>
    public SagaFlowWorkerBuilder OnEvent(Action<WorkerEvent> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        _services.AddSingleton<IWorkerObserver>(new DelegateObserver(take));
        return this;
    }

    /// <summary>Takes requests from a RabbitMQ broker, in place of the transport inside the process.</summary>
    /// <inheritdoc cref="SagaFlowClientOptions.UseRabbitMq"/>
    public SagaFlowWorkerBuilder UseRabbitMq(string address)
    {
        _ = RabbitMqAddress.Parse(address);
        _services.Configure<SagaFlowClientOptions>(options => options.UseRabbitMq(address));
        return this;
    }
}
