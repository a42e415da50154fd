using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SagaFlow.Client;
using SagaFlow.Client.Bus.RabbitMq;

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

    /// <summary>Takes requests from a RabbitMQ broker, in place of the transport inside the process.</summary>
    /// <inheritdoc cref="SagaFlowClientOptions.UseRabbitMq"/>
    public SagaFlowWorkerBuilder UseRabbitMq(string address)
    {
        _ = RabbitMqAddress.Parse(address);
        _services.Configure<SagaFlowClientOptions>(options => options.UseRabbitMq(address));
        return this;
    }
}
