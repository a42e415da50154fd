using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SagaFlow.Contracts;

namespace SagaFlow.Client.Bus;

/// <summary>The bus that client, worker and engine of one container share, and what they send and receive with.</summary>
/// <remarks>A state machine may be added to the container after the bus, with MassTransit's
/// <c>services.RegisterSagaStateMachine</c>: the bus reads its registrations when it is built.</remarks>
internal sealed class SagaFlowBus
{
    private readonly ChosenTransport _transport = new();

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
            bus.AddOwnBus(services);
        }

        AddPlumbing(services);
        return bus;
    }

    /// <summary>Chooses the transport in place of the in-memory one.</summary>
    public void UseTransport(Func<IRegistrationBusFactory> transport)
    {
        if (!IsOwn)
        {
            throw new SagaFlowException(
                "The application has called AddMassTransit itself. Choose the transport there, or add SagaFlow first and leave AddMassTransit out.");
        }

        _transport.Choose(transport);
    }

    private void AddOwnBus(IServiceCollection services)
    {
        services.AddMassTransit(registration =>
        {
            registration.DisableUsageTelemetry();
            registration.SetBusFactory(_transport);
        });
    }

    private static void AddPlumbing(IServiceCollection services)
    {
        // Whatever is published while the bus is still starting can be lost, also on an application's own bus: the host's start waits.
        services.PostConfigure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        services.AddOptions<SagaFlowClientOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SagaFlowClientOptions>, SagaFlowClientOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IIdSource, RandomIdSource>();
        services.TryAddSingleton<IRawBus, RawBus>();
        services.TryAddSingleton(provider => new BusNames(provider.GetRequiredService<IOptions<SagaFlowClientOptions>>().Value.Prefix));
    }
}
