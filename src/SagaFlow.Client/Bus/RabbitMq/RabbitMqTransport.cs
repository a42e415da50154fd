using MassTransit;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace SagaFlow.Client.Bus.RabbitMq;

/// <summary>Makes the bus of a RabbitMQ broker.</summary>
internal static class RabbitMqTransport
{
    /// <summary>How soon a connection to a broker that has frozen is given up, twice this.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static RabbitMqRegistrationBusFactory FactoryFor(Uri address) => new((context, bus) =>
    {
        var clock = context.GetRequiredService<TimeProvider>();
        bus.Host(address, Environment.MachineName, host =>
        {
            host.OnRefreshConnectionFactory = factory =>
            {
                WatchedSocket.Watch(factory, clock);
                return Task.CompletedTask;
            };
            host.Heartbeat(Heartbeat);
            host.RequestedConnectionTimeout(Deadline);
            host.ContinuationTimeout(Deadline);
            if (RabbitMqAddress.UsesTls(address))
            {
                host.UseSsl();
            }
        });
        bus.ConfigureEndpoints(context);
    });

    /// <summary>The settings of a bus on RabbitMQ, the application's own included; <see langword="null"/> on any other transport.</summary>
    public static RabbitMqHostSettings? SettingsOf(IBusInstance bus) =>
        (bus.HostConfiguration as IRabbitMqHostConfiguration)?.Settings;
}
