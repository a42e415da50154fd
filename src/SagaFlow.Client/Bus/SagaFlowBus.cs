using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using SagaFlow.Client.Bus.RabbitMq;

namespace SagaFlow.Client.Bus;

/// <summary>The bus that client, worker and engine of one container share, and what they send and receive with.</summary>
/// <remarks>A state machine may be added to the container after the bus, with MassTransit's
/// <c>services.RegisterSagaStateMachine</c>: the bus reads its registrations when it is built.</remarks>
internal sealed class SagaFlowBus
{
    private SagaFlowBus(bool isOwn) => IsOwn = isOwn;

    /// <summary>Whether SagaFlow registered the bus; otherwise the application did, and it is left as it is.</summary>
    public bool IsOwn { get; }

    /// <summary>Adds the bus once, whoever asks first; an application's own <c>AddMassTransit</c> that came before is used.</summary>
    public static SagaFlowBus AddTo(IServiceCollection services)
    {
        if (services.FirstOrDefault(d => d.ServiceType == typeof(SagaFlowBus))?.ImplementationInstance is SagaFlowBus present)
        {
            return present;
        }

        var bus = new SagaFlowBus(isOwn: services.All(d => d.ServiceType != typeof(IBus)));
        services.AddSingleton(bus);
        if (bus.IsOwn)
        {
            AddOwnBus(services);
        }

        AddPlumbing(services);
        return bus;
    }

    private static void AddOwnBus(IServiceCollection services)
    {
        services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.SetBusFactory(new ChosenTransport());
        });
    }

    private static void AddPlumbing(IServiceCollection services)
    {
        // Whatever is published while the bus is still starting can be lost, also on an application's own bus: the host's start waits.
        services.PostConfigure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = true;
            options.StartTimeout ??= StartRetry.Patience;
        });
        services.AddOptions<SagaFlowClientOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SagaFlowClientOptions>, SagaFlowClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, RandomIdSource>();
        services.TryAddSingleton<StartRetry>();
        AddSending(services);
        services.TryAddSingleton(provider => new BusNames(provider.GetRequiredService<IOptions<SagaFlowClientOptions>>().Value.Prefix));
    }

    // What it is made of depends on the bus, which may be the application's own: known only once the bus is built.
    private static void AddSending(IServiceCollection services)
    {
        services.TryAddSingleton<RawBus>();
        services.TryAddSingleton<RabbitMqLinks>();
        services.TryAddSingleton<RabbitMqTopology>();
        services.TryAddSingleton<RabbitMqRawBus>();
        services.TryAddSingleton<TransportTraits>();
        services.TryAddSingleton<IRawBus>(provider => provider.GetRequiredService<TransportTraits>().IsRabbitMq
            ? provider.GetRequiredService<RabbitMqRawBus>()
            : provider.GetRequiredService<RawBus>());
        services.TryAddSingleton<ISlotSource>(provider => provider.GetRequiredService<TransportTraits>().IsRabbitMq
            ? ActivatorUtilities.CreateInstance<RabbitMqSlotSource>(provider)
            : ActivatorUtilities.CreateInstance<EndpointSlotSource>(provider));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RabbitMqStart>());
    }
}
